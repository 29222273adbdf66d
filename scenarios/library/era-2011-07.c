/* Long jobs and the end of a guest in July 2011. */

/* A long job asks QEMU how far it is. The nested job comes with the monitor. */
void save(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginAsyncJobWithDriver(driver, vm, QEMU_ASYNC_JOB_SAVE) < 0)
        goto cleanup;
    if (!virDomainObjIsActive(vm))
        goto endjob;
    priv = vm->privateData;
    if (qemuDomainObjEnterMonitorWithDriver(driver, vm) < 0)
        goto endjob;
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitorWithDriver(driver, vm);

endjob:
    if (qemuDomainObjEndAsyncJob(driver, vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* QEMU dies, and nobody has defined its guest: the domain is removed when it ends. */
void hangup_transient(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    vm->persistent = 0;
    virDomainObjUnlock(vm);
    eventLoopHangup(vm);
}

/* QEMU dies for certain. */
void hangup(virDomainObjPtr vm)
{
    eventLoopHangup(vm);
}

/* A long job that changes the domain between its commands, without the driver and with it. */
void change_in_nested_jobs(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    if (qemuDomainObjBeginAsyncJob(driver, vm, QEMU_ASYNC_JOB_DUMP) < 0) {
        virDomainObjUnlock(vm);
        return;
    }
    if (qemuDomainObjBeginNestedJob(driver, vm) == 0) {
        touch(vm);
        ignore_value(qemuDomainObjEndJob(driver, vm));
    }
    virDomainObjUnlock(vm);
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    if (qemuDomainObjBeginNestedJobWithDriver(driver, vm) == 0) {
        touch(vm);
        ignore_value(qemuDomainObjEndJob(driver, vm));
    }
    if (qemuDomainObjEndAsyncJob(driver, vm) > 0)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}
