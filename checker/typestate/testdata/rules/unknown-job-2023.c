/* contract: jobs.c */

/* Whether it is this thread's job is not known afterwards, so it may end it, and need not. */
static void mayEnd(virDomainObj *vm)
{
    virDomainObjRestoreAsyncJob(vm, VIR_ASYNC_JOB_SAVE);
    if (work(vm))
        virDomainObjEndAsyncJob(vm);
}

static int mayEnter(virDomainObj *vm)
{
    virDomainObjRestoreAsyncJob(vm, VIR_ASYNC_JOB_SAVE);
    if (!virDomainObjIsActive(vm))
        return -1;
    qemuDomainObjEnterMonitor(vm);
    qemuDomainObjExitMonitor(vm);
    return 0;
}

/* The query takes callers not to have the async job, the end takes them to have it. */
static void contradicts(virDomainObj *vm)
{
    if (!virDomainObjIsActive(vm))
        return;
    qemuDomainObjEnterMonitor(vm);
    qemuDomainObjExitMonitor(vm);
    virDomainObjEndAsyncJob(vm); /* warn job-unbalanced */
}
