/* How a guest is stopped from autumn 2011 to spring 2012: its agent is closed first. As before it is done by whoever has the domain locked, with a job or without. The event loop has the driver as well. */

typedef enum {
    VIR_DOMAIN_SHUTOFF_UNKNOWN = 0,
    VIR_DOMAIN_SHUTOFF_SHUTDOWN,
    VIR_DOMAIN_SHUTOFF_DESTROYED,
    VIR_DOMAIN_SHUTOFF_CRASHED,
    VIR_DOMAIN_SHUTOFF_MIGRATED,
    VIR_DOMAIN_SHUTOFF_SAVED,
    VIR_DOMAIN_SHUTOFF_FAILED,
    VIR_DOMAIN_SHUTOFF_FROM_SNAPSHOT,
} virDomainShutoffReason;

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

/* Kills QEMU and sleeps until it is gone, with the domain locked, and the driver where the caller has it. */
void qemuProcessKill(virDomainObjPtr vm, bool gracefully)
{
    check(missing_lock, held(&vm->lock));

    if (!virDomainObjIsActive(vm))
        return;
    access(vm);
}

void qemuProcessStop(struct qemud_driver *driver, virDomainObjPtr vm, int migrated, virDomainShutoffReason reason)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));

    if (!virDomainObjIsActive(vm))
        return;
    if (priv->agent) {
        qemuAgentClose(priv->agent);
        priv->agent = NULL;
    }
    if (priv->mon)
        qemuMonitorClose(priv->mon);
    qemuProcessKill(vm, false);
    vm->active = 0;
}

/* What the event loop does when QEMU is gone. It holds nothing, and the monitor's reference keeps the domain. */
void qemuProcessHandleMonitorEOF(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    if (!virDomainObjIsActive(vm)) {
        virDomainObjUnlock(vm);
        qemuDriverUnlock(driver);
        return;
    }
    qemuProcessStop(driver, vm, 0, VIR_DOMAIN_SHUTOFF_SHUTDOWN);
    if (!vm->persistent)
        virDomainRemoveInactive(&driver->domains, vm);
    else
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}
