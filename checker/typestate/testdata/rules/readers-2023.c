/* contract: jobs.c */

/* A callback that takes domains out of the table, in a callee. */
static void forget(domainTable *t, virDomainObj *vm)
{
    if (!interesting(vm))
        domainTableRemoveLocked(t, vm);
}

static int reconnect(virDomainObj *vm, void *opaque)
{
    domainTable *t = opaque;

    virObjectLock(vm);
    virObjectUnlock(vm);
    forget(t, vm);
    return 0;
}

/* One that only looks. */
static int look(virDomainObj *vm, void *opaque)
{
    virObjectLock(vm);
    virObjectUnlock(vm);
    return 0;
}

void reconnectAll(domainTable *t)
{
    domainTableForEach(t, false, reconnect, t); /* want missing-lock */
}

void reconnectWell(domainTable *t)
{
    domainTableForEach(t, true, reconnect, t);
}

void lookAtAll(domainTable *t)
{
    domainTableForEach(t, false, look, t);
}

/* Nobody knows how it locked when it had three arguments. */
void reconnectOnce(domainTable *t)
{
    domainTableForEach(t, reconnect, t);
}
