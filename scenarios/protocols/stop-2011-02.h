/* How a guest is stopped since February 2011, when that moved to qemu_process.c (48c2d6c65). */

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

void qemuProcessStop(struct qemud_driver *drv, virDomainObjPtr vm, int migrated)
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
void qemuProcessHandleMonitorEOF(qemuMonitorPtr mon, virDomainObjPtr vm, int hasError)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    if (!virDomainObjIsActive(vm)) {
        virDomainObjUnlock(vm);
        qemuDriverUnlock(driver);
        return;
    }
    qemuProcessStop(driver, vm, 0);
    if (!vm->persistent)
        virDomainRemoveInactive(&driver->domains, vm);
    else
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}
