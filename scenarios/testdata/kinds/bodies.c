/* What threads of the QEMU driver do, as API functions and as the event loop.
 * Every body starts without a lock and must end without one. */

/* The mail's first pattern: look the domain up, let go of the driver, ask QEMU something. */
void query(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(vm) < 0) {
        virDomainObjUnlock(vm);
        return;
    }
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
}

/* The mail's second pattern: the driver is needed as well, until the monitor is entered. */
void modify(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm) {
        qemuDriverUnlock(driver);
        return;
    }
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0) {
        virDomainObjUnlock(vm);
        qemuDriverUnlock(driver);
        return;
    }
    qemuDriverUnlock(driver);
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
}

/* As modify, but the driver is needed again afterwards: it is locked before ExitMonitor, as the mail asks. */
void relock(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm) {
        qemuDriverUnlock(driver);
        return;
    }
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0) {
        virDomainObjUnlock(vm);
        qemuDriverUnlock(driver);
        return;
    }
    touch(vm);
    qemuDriverUnlock(driver);
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDriverLock(driver);
    qemuDomainObjExitMonitor(vm);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* What libvirt committed in November 2009 as Enter- and ExitMonitorWithDriver: out of driver and domain, and in again. */
void wdriver(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm) {
        qemuDriverUnlock(driver);
        return;
    }
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0) {
        virDomainObjUnlock(vm);
        qemuDriverUnlock(driver);
        return;
    }
    touch(vm);
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuDriverUnlock(driver);
    qemuMonitorCommand(priv->mon);
    qemuMonitorUnlock(priv->mon);
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* The event loop reads an event from QEMU and then changes the domain: monitor first, and not both at once. */
void event(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuMonitorLock(priv->mon);
    qemuMonitorCommand(priv->mon);
    qemuMonitorUnlock(priv->mon);
    virDomainObjLock(vm);
    touch(vm);
    virDomainObjUnlock(vm);
}

/* The domain is removed for good. */
void undefine(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (vm)
        virDomainRemoveInactive(&driver->domains, vm);
    qemuDriverUnlock(driver);
}
