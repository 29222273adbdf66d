/* The monitor of the Go daemon. The domain has a reference to it, its event goroutine one, and who is inside one. */

/* Drops a reference, and unlocks what is not gone with it. */
void qemuMonitorRelease(qemuMonitorPtr mon)
{
    if (qemuMonitorUnref(mon) > 0)
        qemuMonitorUnlock(mon);
}

/* Swaps the domain lock for the monitor lock, and returns the monitor: when it is left, the domain may have another, or none. */
static qemuMonitorPtr intoMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuMonitorPtr mon = priv->mon;

    check(stale_liveness, mon);
    qemuMonitorLock(mon);
    qemuMonitorRef(mon);
    virDomainObjUnlock(vm);
    return mon;
}

/* The caller does not have the driver. */
qemuMonitorPtr qemuDomainObjEnterMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(no_job, held(&priv->jobActive));
    requires(!held(&driver->lock));
    return intoMonitor(vm);
}

/* The same for who has the driver as well, and gives it up. */
qemuMonitorPtr qemuDomainObjEnterMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuMonitorPtr mon;

    check(missing_lock, held(&vm->lock));
    check(no_job, held(&priv->jobActive));
    requires(held(&drv->lock));
    mon = intoMonitor(vm);
    qemuDriverUnlock(drv);
    return mon;
}

/* Leaves the monitor that was entered. The monitor goes first, so no thread holds it and waits for a domain. Whoever wants the driver as
 * well must have locked it before the call. */
void qemuDomainObjLeaveMonitor(virDomainObjPtr vm, qemuMonitorPtr mon)
{
    requires(!held(&vm->lock));
    qemuMonitorRelease(mon);
    virDomainObjLock(vm);
}

/* Leaves it and takes the driver, never two locks in another order. */
void qemuDomainObjLeaveMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm, qemuMonitorPtr mon)
{
    qemuMonitorRelease(mon);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
}

/* The names that the mail has for these, for a domain whose QEMU lives on. */
void qemuDomainObjExitMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuDomainObjLeaveMonitor(vm, priv->mon);
}

void qemuDomainObjExitMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuDomainObjLeaveMonitorWithDriver(drv, vm, priv->mon);
}
