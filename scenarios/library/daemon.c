/* What the calls of the Go daemon in driver/ do, under its own contract: a refused job leaves nothing to clean up, and an ended one perhaps
 * no domain. */

void dquery(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(vm) < 0)
        return;
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    if (qemuDomainObjEndJob(vm) > 0)
        virDomainObjUnlock(vm);
}

/* Suspend and resume. */
void dchange(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;
    int refused;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm) {
        qemuDriverUnlock(driver);
        return;
    }
    refused = qemuDomainObjBeginJobWithDriver(driver, vm);
    qemuDriverUnlock(driver);
    if (refused < 0)
        return;
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    touch(vm);
    if (qemuDomainObjEndJob(vm) > 0)
        virDomainObjUnlock(vm);
}

/* Set memory: the driver is locked again before the monitor is left. */
void dmemory(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;
    int refused;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm) {
        qemuDriverUnlock(driver);
        return;
    }
    refused = qemuDomainObjBeginJobWithDriver(driver, vm);
    qemuDriverUnlock(driver);
    if (refused < 0)
        return;
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDriverLock(driver);
    qemuDomainObjExitMonitor(vm);
    touch(vm);
    if (qemuDomainObjEndJob(vm) > 0)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* One round of a long job, and the start of a domain: the driver is needed all the time, and lent out while QEMU is asked. */
void dlong(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm) {
        qemuDriverUnlock(driver);
        return;
    }
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0) {
        qemuDriverUnlock(driver);
        return;
    }
    priv = vm->privateData;
    qemuDomainObjEnterMonitorWithDriver(driver, vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitorWithDriver(driver, vm);
    if (qemuDomainObjEndJob(vm) > 0)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* The domain is removed for good, by whoever has its job. */
void dundefine(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm) {
        qemuDriverUnlock(driver);
        return;
    }
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0) {
        qemuDriverUnlock(driver);
        return;
    }
    if (qemuDomainObjEndJob(vm) > 0)
        virDomainRemoveInactive(&driver->domains, vm);
    qemuDriverUnlock(driver);
}

/* QEMU says something, and the event goroutine tells the domain. It has had a reference since it was started. */
void devent(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    virDomainObjRef(vm);
    virDomainObjUnlock(vm);

    priv = vm->privateData;
    qemuMonitorLock(priv->mon);
    qemuMonitorCommand(priv->mon);
    qemuMonitorUnlock(priv->mon);
    virDomainObjLock(vm);
    touch(vm);
    if (virDomainObjUnref(vm) > 0)
        virDomainObjUnlock(vm);
}
