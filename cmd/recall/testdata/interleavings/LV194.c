/* libvirt-2015-01 with an agent that knows the message whose answer is awaited. Monitors are not talked to. */
#include <lockproof/names.h>
#include <lockproof/object-2013-01.h>

typedef struct _qemuAgent qemuAgent;
typedef struct _qemuAgentMessage {
    bool finished;
} qemuAgentMessage;
typedef qemuAgentMessage *qemuAgentMessagePtr;

struct _qemuMonitor {
    virObjectLockable parent __attribute__((class(monitor)));
    int refs __attribute__((refcount));
};

struct _qemuAgent {
    virObjectLockable parent __attribute__((class(agent)));
    int refs __attribute__((refcount));
    virCond notify;
    qemuAgentMessagePtr msg __attribute__((guarded_by(parent.lock)));
    bool running __attribute__((init(1), guarded_by(parent.lock)));
};

typedef virObjectLockable virDomainObjListParent;
#include <lockproof/objects-2013-02.h>
#include <lockproof/domain-2013-02.h>
#include <lockproof/end-api-2014-12.h>
#include <lockproof/list-2014-12.h>
#include <lockproof/list-remove-2013-04.h>
#include <lockproof/job-wait-2013-02.h>
#include <lockproof/job-2014-12.h>
#include <lockproof/job-async-2013-02.h>
#include <lockproof/agent-2013-02.h>

/* Whether the agent in the guest lives. */
static bool answers = true;

/* The event loop: the agent has answered. */
static void *qemuAgentAnswered(void *opaque)
{
    qemuAgentPtr agent = opaque;

    virObjectLock(agent);
    if (answers && agent->msg) {
        agent->msg->finished = true;
        virCondSignal(&agent->notify);
    }
    virObjectUnlock(agent);
    virObjectUnref(agent);
    return NULL;
}

/* A message that is queued is sent, and answered later. */
void qemuAgentUpdateWatch(qemuAgentPtr agent)
{
    pthread_t loop;

    if (!agent->msg)
        return;
    virObjectRef(agent);
    pthread_create(&loop, NULL, qemuAgentAnswered, agent);
    pthread_detach(loop);
}

/* Those of the tree take their places. */
int qemuAgentSend(qemuAgentPtr mon, qemuAgentMessagePtr msg, int seconds)
{
    return 0;
}

void qemuAgentClose(qemuAgentPtr mon)
{
}

void processSerialChangedEvent(virQEMUDriverPtr driver, virDomainObjPtr vm, char *devAlias, bool connected)
{
}
