/* Whatever runs is not shut off, and what does not run is. */
static int running(virDomainObj *vm)
{
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        return -1;
    if (virDomainObjGetState(vm, NULL) == VIR_DOMAIN_RUNNING) {
        qemuDomainObjEnterMonitor(vm);
        qemuDomainObjExitMonitor(vm);
    }
    virDomainObjEndJob(vm);
    return 0;
}

static int notRunning(virDomainObj *vm)
{
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        return -1;
    if (virDomainObjGetState(vm, NULL) != VIR_DOMAIN_RUNNING) {
        qemuDomainObjEnterMonitor(vm); /* want stale-liveness */
        qemuDomainObjExitMonitor(vm);
    }
    virDomainObjEndJob(vm);
    return 0;
}

/* A job that the daemon finds again may be ended, and need not. */
static void restores(virDomainObj *vm, int phase)
{
    qemuDomainObjRestoreAsyncJob(vm, VIR_ASYNC_JOB_MIGRATION_OUT, phase, 0, 0, 0, 0, VIR_JOB_NONE);
    if (phase > 2)
        virDomainObjEndAsyncJob(vm);
}

/* The last call of a migration ends the job of the first one. */
static int confirms(libxlDriverPrivate *driver, virDomainPtr dom, unsigned int flags)
{
    virDomainObj *vm = libxlDomObjFromDomain(dom);
    int ret;

    if (!vm)
        return -1;
    ret = libxlDomainMigrationSrcConfirm(driver, vm, flags, 0);
    virDomainObjEndAPI(&vm);
    return ret;
}

static int beginsAndConfirms(libxlDriverPrivate *driver, virDomainObj *vm, unsigned int flags)
{
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        return -1;
    return libxlDomainMigrationSrcConfirm(driver, vm, flags, 0);
}
