/* contract: jobs.c */

struct manager {
    virMutex lock;
    struct driver *drv;
};

/* Below 0 it is not locked, else it is: callers can tell. */
static int preFork(struct manager *mgr)
{
    int ret = 0;

    virMutexLock(&mgr->lock);
    if (mgr->drv->preFork) {
        ret = mgr->drv->preFork(mgr);
        if (ret < 0)
            virMutexUnlock(&mgr->lock);
    }
    return ret;
}

static void postFork(struct manager *mgr)
{
    virMutexUnlock(&mgr->lock);
}

static int runs(struct manager *mgr)
{
    int ret;

    if (preFork(mgr) < 0)
        return -1;
    ret = work(mgr);
    postFork(mgr);
    return ret;
}

/* 0 is said both ways. */
static int cannotTell(struct manager *mgr)
{
    int ret = 0;

    virMutexLock(&mgr->lock);
    if (mgr->drv->preFork) {
        ret = mgr->drv->preFork(mgr);
        if (ret <= 0)
            virMutexUnlock(&mgr->lock);
    }
    return ret; /* want lock-leak */
}
