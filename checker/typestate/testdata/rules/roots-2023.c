/* contract: jobs.c */

/* It enters the monitor as if there were no async job, and has a caller that has one. */
static int asksAlone(virDomainObj *vm)
{
    int rc;

    if (!interesting(vm))
        return 0;
    qemuDomainObjEnterMonitor(vm); /* want async-nesting */
    rc = ask(vm);
    qemuDomainObjExitMonitor(vm);
    return rc;
}

/* One that needs the same, and is called after it. */
static int asksAgain(virDomainObj *vm)
{
    int rc;

    qemuDomainObjEnterMonitor(vm); /* want async-nesting */
    rc = ask(vm);
    qemuDomainObjExitMonitor(vm);
    return rc;
}

/* It is told the kind, and hands it on. */
static int asksAs(virDomainObj *vm, virDomainAsyncJob asyncJob)
{
    int rc;

    if (qemuDomainObjEnterMonitorAsync(vm, asyncJob) < 0)
        return -1;
    rc = ask(vm);
    qemuDomainObjExitMonitor(vm);
    return rc;
}

static int handsOn(virDomainObj *vm, virDomainAsyncJob asyncJob)
{
    return asksAs(vm, asyncJob);
}

/* Who says that there is no async job is wrong where there is one. */
static int saysNone(virDomainObj *vm)
{
    return handsOn(vm, VIR_ASYNC_JOB_NONE); /* want async-nesting */
}

static int starts(virDomainObj *vm)
{
    if (asksAlone(vm) < 0 || !virDomainObjIsActive(vm))
        return -1;
    return asksAgain(vm);
}

/* In a sync job all of that is right. */
static int inSyncJob(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret = -1;

    if (!vm)
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm))
        ret = asksAlone(vm);
    if (virDomainObjIsActive(vm))
        ret = saysNone(vm);
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static int inAsyncJob(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret = -1;

    if (!vm)
        return -1;
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_SAVE) < 0)
        goto cleanup;
    if (!virDomainObjIsActive(vm))
        goto endjob;
    ret = starts(vm);
endjob:
    virDomainObjEndAsyncJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static int alsoInAsyncJob(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret = -1;

    if (!vm)
        return -1;
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_SAVE) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        if (handsOn(vm, VIR_ASYNC_JOB_SAVE) == 0 && virDomainObjIsActive(vm))
            ret = saysNone(vm);
    }
    virDomainObjEndAsyncJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

/* It tells those who want to know, and comes back either way. */
static int mayTell(virDomainObj *vm, int *rounds, int n)
{
    if (rounds)
        *rounds = 2 * n;
    else
        note(vm);
    virObjectUnlock(vm);
    virObjectLock(vm);
    return 0;
}

static int tellsNobody(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);

    if (!vm)
        return -1;
    if (mayTell(vm, NULL, 1) == 0)
        return 0; /* want lock-leak */
    virDomainObjEndAPI(&vm);
    return -1;
}
