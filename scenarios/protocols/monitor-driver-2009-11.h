/* Entering and leaving the monitor for a caller that holds the driver, since November 2009. Nobody counts who uses the monitor. */

/* As EnterMonitor, for a caller that holds the driver: it is unlocked as well. */
void qemuDomainObjEnterMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(wrong_variant, held(&drv->lock));
    check(missing_lock, held(&vm->lock));
    check(no_job, held(&priv->jobActive));
    check(stale_liveness, virDomainObjIsActive(vm));

    qemuMonitorLock(priv->mon);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(drv);
}

/* The driver is locked again, and before the domain. */
void qemuDomainObjExitMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(wrong_variant, !held(&drv->lock));
    check(self_deadlock, !held(&vm->lock));
    check(monitor_unbalanced, held(&priv->mon->lock));

    qemuMonitorUnlock(priv->mon);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
}
