/* API functions of 2009 and 2010, with what libvirt's have: the domain is looked at again whenever it was unlocked. */

/* The driver is needed for the look-up alone. */
void ask(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(vm) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitor(vm);
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitor(vm);
    }
    qemuDomainObjEndJob(vm);

cleanup:
    virDomainObjUnlock(vm);
}

/* The driver is needed to the end, and lent out while QEMU is asked. */
void attach(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitorWithDriver(driver, vm);
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitorWithDriver(driver, vm);
        touch(vm);
    }
    qemuDomainObjEndJob(vm);

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* As attach, for a caller that found out that a failed BeginJobWithDriver has unlocked the driver. */
void attach_warily(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm) {
        qemuDriverUnlock(driver);
        return;
    }
    if (qemuDomainObjBeginJobWithDriver(driver, vm) == 0) {
        touch(vm);
        qemuDomainObjEndJob(vm);
        qemuDriverUnlock(driver);
    }
    virDomainObjUnlock(vm);
}

/* The guest is stopped; the domain stays, for it is persistent. */
void destroy(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm))
        qemudShutdownVMDaemon(NULL, driver, vm);
    qemuDomainObjEndJob(vm);

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* Only a domain that is not running is removed. */
void undefine(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (vm && !virDomainObjIsActive(vm))
        virDomainRemoveInactive(&driver->domains, vm);
    else if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
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
    if (qemuDomainObjBeginJob(vm) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitor(vm);
        qemuMonitorSend(priv->mon, NULL);
        qemuDomainObjExitMonitor(vm);
    }
    qemuDomainObjEndJob(vm);

cleanup:
    virDomainObjUnlock(vm);
}

/* QEMU dies, and the event loop notices: it wakes who waits, and then stops the guest. */
void hangup(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuMonitorPtr mon = priv->mon;

    qemuMonitorIO(mon, 1);
    qemuHandleMonitorEOF(mon, vm, 0);
}
