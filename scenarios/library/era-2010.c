/* API functions from December 2009 to June 2011: as those of 2009, and EndJob's result is looked at. */

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
    if (qemuDomainObjEndJob(vm) == 0)
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
    if (qemuDomainObjBeginJob(vm) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitor(vm);
        qemuMonitorSend(priv->mon, NULL);
        qemuDomainObjExitMonitor(vm);
    }
    if (qemuDomainObjEndJob(vm) == 0)
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
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitorWithDriver(driver, vm);
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitorWithDriver(driver, vm);
        touch(vm);
    }
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
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
        qemudShutdownVMDaemon(driver, vm, 0);
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

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

/* A migration asks the other host, and looks whether the guest still runs before it goes on. */
void migrate(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0)
        goto cleanup;
    qemuDomainObjEnterRemoteWithDriver(driver, vm);
    qemuDomainObjExitRemoteWithDriver(driver, vm);
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitorWithDriver(driver, vm);
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitorWithDriver(driver, vm);
    }
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* A long job asks QEMU again and again how far it is, until somebody cancels it. */
static int cancelled;

void save(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0)
        goto cleanup;
    while (!cancelled && virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitorWithDriver(driver, vm);
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitorWithDriver(driver, vm);
    }
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* A client that looks how the guest is before it cancels the long job. */
void look_and_cancel(virDomainObjPtr vm)
{
    ask(vm);
    cancelled = 1;
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
