/* How a guest is stopped in 2010: its monitor is closed, and lives until the last one has left it. */

/* Ends the connection. What goes with the last reference is no longer the domain's. */
void qemuMonitorClose(qemuMonitorPtr mon)
{
    qemuDomainObjPrivatePtr priv;

    if (!mon)
        return;
    priv = mon->vm->privateData;
    qemuMonitorLock(mon);
    if (qemuMonitorUnref(mon) > 0)
        qemuMonitorUnlock(mon);
    else
        priv->mon = NULL;
}

void qemudShutdownVMDaemon(struct qemud_driver *drv, virDomainObjPtr vm, int migrated)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));

    if (!virDomainObjIsActive(vm))
        return;
    if (priv->mon)
        qemuMonitorClose(priv->mon);
    vm->active = 0;
}

/* What the event loop does when QEMU is gone. It holds nothing, and the monitor's reference keeps the domain. */
void qemuHandleMonitorEOF(qemuMonitorPtr mon, virDomainObjPtr vm, int hasError)
{
    virDomainObjLock(vm);
    qemudShutdownVMDaemon(driver, vm, 0);
    if (!vm->persistent)
        virDomainRemoveInactive(&driver->domains, vm);
    else
        virDomainObjUnlock(vm);
}
