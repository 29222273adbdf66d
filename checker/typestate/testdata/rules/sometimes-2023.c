/* contract: jobs.c */

/* It enters the monitor for the first disk, if there is one. */
static int sizes(virDomainObj *vm, int n)
{
    int i;

    for (i = 0; i < n; i++) {
        qemuDomainObjEnterMonitor(vm); /* warn async-nesting */
        qemuDomainObjExitMonitor(vm);
        if (!virDomainObjIsActive(vm))
            return -1;
    }
    return 0;
}

/* It needs that of one kind alone, and others are told. */
static int told(virDomainObj *vm, virDomainAsyncJob asyncJob, int n)
{
    if (wants(n)) {
        if (qemuDomainObjEnterMonitorAsync(vm, asyncJob) < 0)
            return -1;
        qemuDomainObjExitMonitor(vm);
    }
    return 0;
}

/* Says that there is no async job, and is told one. */
static int names(virDomainObj *vm, virDomainAsyncJob asyncJob, int n)
{
    if (told(vm, VIR_ASYNC_JOB_NONE, n) < 0) /* warn async-nesting */
        return -1;
    if (!virDomainObjIsActive(vm))
        return -1;
    return told(vm, asyncJob, n);
}

static int wraps(virDomainObj *vm, int n)
{
    return names(vm, VIR_ASYNC_JOB_SAVE, n);
}

/* What it fills in besides hides nothing. */
static int cookie(virDomainObj *vm, struct cookie *c, int n)
{
    if (wants(1) && !(c->graphics = makes(1)))
        return -1;
    if (wants(2) && !(c->lockstate = makes(2)))
        return -1;
    if (wants(3) && !(c->persistent = makes(3)))
        return -1;
    if (wants(4) && !(c->network = makes(4)))
        return -1;
    if (wants(5) && sizes(vm, n) < 0)
        return -1;
    if (wants(6) && !(c->stats = makes(6)))
        return -1;
    if (wants(7) && !(c->caps = makes(7)))
        return -1;
    if (wants(8) && !(c->cpu = makes(8)))
        return -1;
    return 0;
}

static int save(virDomainPtr dom, struct cookie *c, int n)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret = -1;

    if (!vm)
        return -1;
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_SAVE) < 0)
        goto cleanup;
    if (!virDomainObjIsActive(vm))
        goto endjob;
    if (cookie(vm, c, n) < 0 || !virDomainObjIsActive(vm))
        goto endjob;
    if (told(vm, VIR_ASYNC_JOB_SAVE, n) < 0 || !virDomainObjIsActive(vm))
        goto endjob;
    ret = wraps(vm, n);
endjob:
    virDomainObjEndAsyncJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

/* With a sync job that is as it should be. */
static int query(virDomainPtr dom, struct cookie *c, int n)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret = -1;

    if (!vm)
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm))
        ret = cookie(vm, c, n);
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static void alias(virDomainObj *vm, int n)
{
    while (wants(n)) {
        qemuDomainObjEnterMonitor(vm); /* warn async-nesting */
        qemuDomainObjExitMonitor(vm);
        if (!virDomainObjIsActive(vm))
            return;
    }
}

/* It may end the async job, and nothing tells. */
static void event(virDomainObj *vm)
{
    if (interesting(vm))
        virDomainObjEndAsyncJob(vm);
}

/* Once the monitor was entered in the async job there is one. */
static int backup(virDomainPtr dom, int n)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret = -1;

    if (!vm)
        return -1;
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_SAVE) < 0)
        goto cleanup;
    event(vm);
    if (qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_SAVE) < 0)
        goto endjob;
    qemuDomainObjExitMonitor(vm);
    if (virDomainObjIsActive(vm))
        alias(vm, n);
    ret = 0;
endjob:
    virDomainObjEndAsyncJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}
