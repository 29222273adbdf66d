/* contract: jobs.c */

struct _chMonitor {
    virObjectLockable parent;
    virDomainObj *vm;
    socket *sock;
    timer *timer;
};

static void chMonitorDispose(void *opaque)
{
    chMonitor *mon = opaque;

    virObjectUnref(mon->vm);
    virObjectUnref(mon->sock);
    virObjectUnref(mon->timer);
}

void chMonitorClose(chMonitor *mon)
{
    if (mon->pid > 0)
        stopProcess(mon->pid);
    virObjectUnref(mon->vm); /* warn refcount */
    virObjectUnref(mon->sock);
    mon->sock = NULL;
    virObjectUnref(mon);
}

/* It has taken that one itself. */
static void chMonitorWake(chMonitor *mon)
{
    virObjectRef(mon->timer);
    wake(mon->timer);
    virObjectUnref(mon->timer);
}

/* Another struct has a field of that name. */
static void chJobEnd(chJob *job)
{
    virObjectUnref(job->vm);
}
