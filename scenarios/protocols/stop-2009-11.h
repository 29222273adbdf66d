/* How a guest is stopped in November 2009: the monitor goes with it, whoever uses it. */

/* Ends the connection. libvirt destroys the lock while it is held, which POSIX leaves undefined; here it is given back first. */
void qemuMonitorClose(qemuMonitorPtr mon)
{
    if (!mon)
        return;
    qemuMonitorLock(mon);
    access(mon);
    qemuMonitorUnlock(mon);
    free(mon);
}

void qemudShutdownVMDaemon(virConnectPtr conn, struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));

    if (!virDomainObjIsActive(vm))
        return;
    if (priv->mon) {
        qemuMonitorClose(priv->mon);
        priv->mon = NULL;
    }
    vm->active = 0;
}

/* What the event loop does when QEMU is gone. It holds nothing, and the monitor's reference keeps the domain. */
void qemuHandleMonitorEOF(qemuMonitorPtr mon, virDomainObjPtr vm, int hasError)
{
    virDomainObjLock(vm);
    qemudShutdownVMDaemon(NULL, driver, vm);
    if (!vm->persistent)
        virDomainRemoveInactive(&driver->domains, vm);
    else
        virDomainObjUnlock(vm);
}
