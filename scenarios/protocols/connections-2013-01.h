/* The connections to QEMU and to the agent in the guest, and what is said on them, since January
 * 2013. */

typedef struct _qemuMonitor qemuMonitor;
typedef struct _qemuMonitorMessage qemuMonitorMessage;
typedef struct _qemuAgent qemuAgent;

/* The connection to one QEMU. The event thread reads it, so it has a lock of its own. The
 * message is the command under way. */
struct _qemuMonitor {
    virObjectLockable parent __attribute__((class(monitor)));
    int refs __attribute__((refcount));
    virCond notify;
    qemuMonitorMessage *msg __attribute__((guarded_by(parent.lock)));
    bool goteof __attribute__((guarded_by(parent.lock)));
};

struct _qemuMonitorMessage {
    bool finished;
};

/* The connection to the agent in the guest. */
struct _qemuAgent {
    virObjectLockable parent __attribute__((class(agent)));
    int refs __attribute__((refcount));
    virCond notify;
    bool answered __attribute__((guarded_by(parent.lock)));
    bool closed __attribute__((guarded_by(parent.lock)));
};

/* Waits for QEMU's answer with nothing but the monitor. -1 where the connection is gone, or
 * goes. */
int qemuMonitorSend(qemuMonitor *mon, qemuMonitorMessage *msg)
{
    int ret = -1;

    check(monitor_unbalanced, held(&mon->parent.lock));

    if (mon->goteof)
        return -1;
    mon->msg = msg;
    while (!msg->finished) {
        if (virCondWait(&mon->notify, &mon->parent.lock) < 0)
            goto cleanup;
    }
    ret = mon->goteof ? -1 : 0;

cleanup:
    mon->msg = NULL;
    return ret;
}

/* QEMU has answered: what the event thread does. */
void qemuMonitorAnswered(qemuMonitor *mon)
{
    virObjectLock(mon);
    if (mon->msg) {
        mon->msg->finished = true;
        virCondSignal(&mon->notify);
    }
    virObjectUnlock(mon);
}

/* Nobody waits for an answer any more. */
void qemuMonitorClose(qemuMonitor *mon)
{
    if (!mon)
        return;

    virObjectLock(mon);
    mon->goteof = true;
    if (mon->msg) {
        mon->msg->finished = true;
        virCondSignal(&mon->notify);
    }
    virObjectUnlock(mon);
    virObjectUnref(mon);
}

/* A command whose answer comes at once. */
int qemuMonitorCommand(qemuMonitor *mon)
{
    check(monitor_unbalanced, held(&mon->parent.lock));

    access(mon);
    return mon->goteof ? -1 : 0;
}

/* QEMU is gone: what the event loop finds first, and then tells the driver. */
void qemuMonitorGone(qemuMonitor *mon)
{
    virObjectLock(mon);
    mon->goteof = true;
    if (mon->msg) {
        mon->msg->finished = true;
        virCondSignal(&mon->notify);
    }
    virObjectUnlock(mon);
}

/* A command to the agent whose answer comes at once. */
int qemuAgentCommand(qemuAgent *agent)
{
    check(monitor_unbalanced, held(&agent->parent.lock));

    access(agent);
    return agent->closed ? -1 : 0;
}

/* Waits for the answer of the agent, with nothing but the agent. The guest may never give it. */
int qemuAgentSend(qemuAgent *agent)
{
    check(monitor_unbalanced, held(&agent->parent.lock));

    while (!agent->answered && !agent->closed) {
        if (virCondWait(&agent->notify, &agent->parent.lock) < 0)
            return -1;
    }
    return agent->closed ? -1 : 0;
}

/* The guest has answered. */
void qemuAgentAnswered(qemuAgent *agent)
{
    virObjectLock(agent);
    agent->answered = true;
    virCondSignal(&agent->notify);
    virObjectUnlock(agent);
}

/* Nobody waits for the agent any more. */
void qemuAgentClose(qemuAgent *agent)
{
    if (!agent)
        return;

    virObjectLock(agent);
    agent->closed = true;
    virCondSignal(&agent->notify);
    virObjectUnlock(agent);
    virObjectUnref(agent);
}
