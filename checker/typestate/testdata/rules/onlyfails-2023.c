/* contract: jobs.c */

/* Fails early, and asks the guest otherwise. */
static int resume(virDomainObj *vm, virDomainAsyncJob asyncJob)
{
    if (!leasesAreThere(vm))
        return -1;
    if (qemuDomainObjEnterMonitorAsync(vm, asyncJob) < 0)
        return -1;
    qemuDomainObjExitMonitor(vm);
    return 0;
}

/* Inside of the async job the guest is asked as if there were none. */
static int snapshot(virDomainPtr dom)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm) && resume(vm, VIR_ASYNC_JOB_NONE) < 0) /* want async-nesting */
        complain(vm);
    virDomainObjEndAsyncJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return 0;
}

static int snapshotWell(virDomainPtr dom)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm) && resume(vm, VIR_ASYNC_JOB_DUMP) < 0)
        complain(vm);
    virDomainObjEndAsyncJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return 0;
}

/* The kind of the job is given, and passed on but once. */
static int start(virDomainObj *vm, virDomainAsyncJob asyncJob, unsigned int flags)
{
    if (resume(vm, asyncJob) < 0)
        return -1;
    if (!virDomainObjIsActive(vm))
        return -1;
    if (!(flags & START_PAUSED)) {
        if (resume(vm, VIR_ASYNC_JOB_NONE) < 0) /* want async-nesting */
            return -1;
    }
    return 0;
}
