/* Stopping a guest from February 2013 to 2016: with the domain locked, and whoever has the job. */
void qemuProcessStop(virQEMUDriverPtr driver, virDomainObjPtr vm, int reason, unsigned int flags)
{
    check(missing_lock, held(&vm->parent.lock));

    if (!virDomainObjIsActive(vm))
        return;
    vm->def->id = -1;
    qemuProcessDisconnect(vm);
    qemuDomainCleanupRun(driver, vm);
    qemuDomainObjRemoveTransientDef(vm);
}

/* Runs in the event loop, which has the monitor's reference to the domain and holds nothing. */
void qemuProcessHandleMonitorEOF(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virObjectLock(vm);
    if (priv->beingDestroyed || !virDomainObjIsActive(vm))
        goto unlock;
    qemuProcessStop(qemu_driver, vm, 0, 0);
    if (!vm->persistent) {
        qemuDomainRemoveInactive(qemu_driver, vm);
        return;
    }

unlock:
    virObjectUnlock(vm);
}
