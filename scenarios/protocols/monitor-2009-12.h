/* Entering and leaving the monitor from December 2009 to June 2011. Who is inside has a reference, so it is not freed under a command. */

/* Swaps the domain lock for the monitor lock. Only the owner of the job may: that is what keeps monitor users apart. */
void qemuDomainObjEnterMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(wrong_variant, !held(&driver->lock));
    check(no_job, held(&priv->jobActive));
    check(stale_liveness, virDomainObjIsActive(vm));

    qemuMonitorLock(priv->mon);
    qemuMonitorRef(priv->mon);
    virDomainObjUnlock(vm);
}

/* The monitor goes first, so no thread holds it and waits for a domain. Whether the guest lives on has to be looked at again. */
void qemuDomainObjExitMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int refs;

    check(self_deadlock, !held(&vm->lock));
    check(wrong_variant, !held(&driver->lock));
    check(monitor_unbalanced, held(&priv->mon->lock));

    refs = qemuMonitorUnref(priv->mon);
    if (refs > 0)
        qemuMonitorUnlock(priv->mon);
    virDomainObjLock(vm);
    if (refs == 0)
        priv->mon = NULL;
}

/* As EnterMonitor, for a caller that holds the driver: it is unlocked as well. */
void qemuDomainObjEnterMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(wrong_variant, held(&drv->lock));
    check(missing_lock, held(&vm->lock));
    check(no_job, held(&priv->jobActive));
    check(stale_liveness, virDomainObjIsActive(vm));

    qemuMonitorLock(priv->mon);
    qemuMonitorRef(priv->mon);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(drv);
}

/* The driver is locked again, and before the domain. */
void qemuDomainObjExitMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int refs;

    check(wrong_variant, !held(&drv->lock));
    check(self_deadlock, !held(&vm->lock));
    check(monitor_unbalanced, held(&priv->mon->lock));

    refs = qemuMonitorUnref(priv->mon);
    if (refs > 0)
        qemuMonitorUnlock(priv->mon);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
    if (refs == 0)
        priv->mon = NULL;
}
