/* Entering and leaving the monitor in November 2009. Nobody counts who uses the monitor. */

/* Swaps the domain lock for the monitor lock. Only the owner of the job may: that is what keeps monitor users apart. */
void qemuDomainObjEnterMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(wrong_variant, !held(&driver->lock));
    check(no_job, held(&priv->jobActive));
    check(stale_liveness, virDomainObjIsActive(vm));

    qemuMonitorLock(priv->mon);
    virDomainObjUnlock(vm);
}

/* The monitor goes first, so no thread holds it and waits for a domain. */
void qemuDomainObjExitMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(self_deadlock, !held(&vm->lock));
    check(wrong_variant, !held(&driver->lock));
    check(monitor_unbalanced, held(&priv->mon->lock));

    qemuMonitorUnlock(priv->mon);
    virDomainObjLock(vm);
}
