/* The connection to the agent in the guest. It may never answer, or lie. */
typedef struct _qemuAgent qemuAgent;
typedef qemuAgent *qemuAgentPtr;
struct _qemuAgent {
    virMutex lock __attribute__((class(agent)));
    virCond notify __attribute__((guarded_by(lock)));
    int refs __attribute__((refcount, guarded_by(lock)));
    int unanswered __attribute__((guarded_by(lock)));
};

void qemuAgentLock(qemuAgentPtr agent)
{
    virMutexLock(&agent->lock);
}

void qemuAgentUnlock(qemuAgentPtr agent)
{
    virMutexUnlock(&agent->lock);
}
