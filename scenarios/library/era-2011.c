/* API functions from July 2011 on, as long as the driver has a lock: each says what kind of job it wants. */

void ask(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(driver, vm, QEMU_JOB_QUERY) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitor(driver, vm);
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitor(driver, vm);
    }
    if (qemuDomainObjEndJob(driver, vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
}

/* As ask, waiting for QEMU's answer as libvirt does: asleep, with the monitor unlocked. */
void ask_and_wait(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(driver, vm, QEMU_JOB_QUERY) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitor(driver, vm);
        qemuMonitorSend(priv->mon, NULL);
        qemuDomainObjExitMonitor(driver, vm);
    }
    if (qemuDomainObjEndJob(driver, vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
}

void attach(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJobWithDriver(driver, vm, QEMU_JOB_MODIFY) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitorWithDriver(driver, vm);
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitorWithDriver(driver, vm);
        touch(vm);
    }
    if (qemuDomainObjEndJob(driver, vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* A client that looks how the guest is before it cancels the long job. */
static int cancelled;

void look_and_cancel(virDomainObjPtr vm)
{
    ask(vm);
    cancelled = 1;
}

/* A long job that waits for the other host, until somebody cancels it. */
void tunnel(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginAsyncJobWithDriver(driver, vm, QEMU_ASYNC_JOB_MIGRATION_OUT) < 0)
        goto cleanup;
    while (!cancelled && virDomainObjIsActive(vm)) {
        qemuDomainObjEnterRemoteWithDriver(driver, vm);
        qemuDomainObjExitRemoteWithDriver(driver, vm);
    }
    if (qemuDomainObjEndAsyncJob(driver, vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}
