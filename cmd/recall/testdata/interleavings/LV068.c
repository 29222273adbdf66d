/* libvirt-2011-08 with a monitor that knows the message whose answer is awaited, and whether the event loop watches it. */
#include <lockproof/names.h>

struct _qemuMonitorMessage {
    int finished;
};

struct _qemuMonitor {
    virMutex lock __attribute__((class(monitor)));
    virCond notify __attribute__((guarded_by(lock)));
    int refs __attribute__((refcount, guarded_by(lock)));
    qemuMonitorMessagePtr msg __attribute__((guarded_by(lock)));
    int watch __attribute__((init(1), guarded_by(lock)));
    int unanswered __attribute__((guarded_by(lock)));
    int eof;
    virDomainObjPtr vm __attribute__((subject));
};

#include <lockproof/object-agent-2012-01.h>
#include <lockproof/object-job-2011-07.h>
#include <lockproof/object-private-2011-08.h>
#include <lockproof/object-domain-2009-10.h>
#include <lockproof/driver.h>
#include <lockproof/locks.h>
#include <lockproof/list-2009-10.h>
#include <lockproof/commands.h>
#include <lockproof/answer.h>
#include <lockproof/job-2011-08.h>
#include <lockproof/async-2011-07.h>
#include <lockproof/monitor-2011-08.h>
#include <lockproof/agent-2012-01.h>
#include <lockproof/remote-2010-07.h>
#include <lockproof/migration-2011-08.h>
#include <lockproof/stop-2011-10.h>

/* One monitor is watched. */
static int watched = 1;

void virEventRemoveHandle(int watch)
{
    watched = 0;
}

/* The event loop: QEMU answers, as long as its monitor is watched. */
static void *qemuAnswered(void *opaque)
{
    qemuMonitorPtr mon = opaque;

    qemuMonitorLock(mon);
    if (watched && mon->msg) {
        mon->msg->finished = 1;
        virCondSignal(&mon->notify);
    }
    if (qemuMonitorUnref(mon) > 0)
        qemuMonitorUnlock(mon);
    return NULL;
}

/* A message that is queued is sent, and answered later. */
void qemuMonitorUpdateWatch(qemuMonitorPtr mon)
{
    pthread_t loop;

    if (!mon->msg || !watched)
        return;
    qemuMonitorRef(mon);
    pthread_create(&loop, NULL, qemuAnswered, mon);
    pthread_detach(loop);
}
