/* The same threads, each with one rule broken. */

/* query, leaving the monitor in the order of the mail's prose: domain first. */
void docexit(virDomainObjPtr vm)
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
    virDomainObjLock(vm);
    qemuMonitorUnlock(priv->mon);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
}

/* relock, leaving the monitor in the order of the prose. */
void relockdoc(virDomainObjPtr vm)
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
    virDomainObjLock(vm);
    qemuMonitorUnlock(priv->mon);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* Enters the monitor without a job. */
void nojob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    virDomainObjUnlock(vm);
}

/* The same past EnterMonitor, so that nothing notices: a user of the monitor that has no job. */
void rogue(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    priv = vm->privateData;
    qemuMonitorLock(priv->mon);
    virDomainObjUnlock(vm);
    qemuMonitorCommand(priv->mon);
    qemuMonitorUnlock(priv->mon);
    virDomainObjLock(vm);
    virDomainObjUnlock(vm);
}

/* Begins the job with the plain helper while it holds the driver, and lets go of the driver afterwards. */
void heldbegin(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm) {
        qemuDriverUnlock(driver);
        return;
    }
    if (qemuDomainObjBeginJob(vm) < 0) {
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

/* Holds the driver across the whole job. */
void heldall(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm) {
        qemuDriverUnlock(driver);
        return;
    }
    if (qemuDomainObjBeginJob(vm) < 0) {
        virDomainObjUnlock(vm);
        qemuDriverUnlock(driver);
        return;
    }
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* Locks the driver after ExitMonitor instead of before it: with the domain held. */
void late(virDomainObjPtr vm)
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
    qemuDriverLock(driver);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* The event loop locks the domain while it still holds the monitor. */
void eventbug(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuMonitorLock(priv->mon);
    qemuMonitorCommand(priv->mon);
    virDomainObjLock(vm);
    touch(vm);
    virDomainObjUnlock(vm);
    qemuMonitorUnlock(priv->mon);
}

/* modify, whose caller found out that the driver is not locked after a failed BeginJobWithDriver. */
void modify_k(virDomainObjPtr vm)
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
