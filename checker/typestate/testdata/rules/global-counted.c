/* contract: counted.c */

/* A lock that is a variable of its file. */
static virRWLock filterLock;

void filtersRead(void)
{
    virRWLockRead(&filterLock);
}

void filtersUnlock(void)
{
    virRWLockUnlock(&filterLock);
}

static int lookupFails(virDomainPtr dom)
{
    int ret = -1;

    filtersRead();
    if (work(dom) < 0)
        return -1; /* want lock-leak */
    if (check(dom) < 0)
        goto cleanup;
    ret = 0;

cleanup:
    filtersUnlock();
    return ret;
}

static int lookupJumps(virDomainPtr dom)
{
    int ret = -1;

    filtersRead();
    if (work(dom) < 0)
        goto cleanup;
    ret = 0;

cleanup:
    filtersUnlock();
    return ret;
}
