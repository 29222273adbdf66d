/* contract: jobs.c */

struct snoop {
    virMutex lock;
    virMutex plain;
    int n;
};

static struct snoop state;

static int init(struct snoop *req)
{
    if (virMutexInitRecursive(&req->lock) < 0)
        return -1;
    return virMutexInit(&req->plain);
}

static void counts(struct snoop *req)
{
    virMutexLock(&req->lock);
    req->n++;
    virMutexUnlock(&req->lock);
}

/* What is recursive may be locked again, also in a callee. */
static int again(struct snoop *req, int n)
{
    VIR_LOCK_GUARD lock = virLockGuardLock(&req->lock);

    virMutexLock(&req->lock);
    counts(req);
    virMutexUnlock(&req->lock);
    if (n)
        return -1;
    counts(&state);
    return 0;
}

static void middle(struct snoop *req)
{
    counts(req);
}

static void twice(void)
{
    virMutexLock(&state.lock);
    middle(&state);
    again(&state, 1);
    virMutexUnlock(&state.lock);
}

static int forgets(struct snoop *req, int n)
{
    virMutexLock(&req->lock);
    if (n < 0)
        return -1; /* want lock-leak */
    virMutexUnlock(&req->lock);
    if (n > 2)
        return -1;
    return 0;
}

static void unlocksTwice(struct snoop *req)
{
    virMutexLock(&req->lock);
    virMutexUnlock(&req->lock);
    virMutexUnlock(&req->lock); /* want bad-unlock */
}

static void other(struct snoop *req)
{
    virMutexLock(&req->plain);
    virMutexLock(&req->plain); /* want self-deadlock */
    virMutexUnlock(&req->plain);
}
