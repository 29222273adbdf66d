/* How a guest is stopped in August 2012. Whoever destroys it says so first, and the event loop leaves it alone. */

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

/* Ends the connection, and wakes who waits for an answer. What goes with the last reference is no longer the domain's. */
void qemuMonitorClose(qemuMonitorPtr mon)
{
    qemuDomainObjPrivatePtr priv;

    if (!mon)
        return;
    priv = mon->vm->privateData;
    qemuMonitorLock(mon);
    mon->unanswered = 0;
    virCondSignal(&mon->notify);
    qemuMonitorUnlock(mon);
    if (!virObjectUnref(mon))
        priv->mon = NULL;
}

enum {
    VIR_QEMU_PROCESS_KILL_FORCE = 1 << 0,
    VIR_QEMU_PROCESS_KILL_NOWAIT = 1 << 1,
    VIR_QEMU_PROCESS_KILL_NOCHECK = 1 << 2,
};

/* Kills QEMU and, unless told not to, sleeps until it is gone: without the driver, where it is given one. Then driver and domain are locked
 * in order, so the domain was unlocked as well: whoever waited for it comes in between. */
int qemuProcessKill(struct qemud_driver *driver, virDomainObjPtr vm, unsigned int flags)
{
    check(missing_lock, held(&vm->lock));
    check(wrong_variant, !driver || held(&driver->lock));

    if (!(flags & VIR_QEMU_PROCESS_KILL_NOCHECK) && !virDomainObjIsActive(vm))
        return 0;
    access(vm);
    if (driver && !(flags & VIR_QEMU_PROCESS_KILL_NOWAIT)) {
        qemuDriverUnlock(driver);
        usleep(200 * 1000);
        virObjectRef(vm);
        virDomainObjUnlock(vm);
        qemuDriverLock(driver);
        virDomainObjLock(vm);
        virObjectUnref(vm);
    }
    return 0;
}

/* Takes a domain off the list. It comes back unlocked and without the list's reference. */
void qemuDomainRemoveInactive(struct qemud_driver *driver, virDomainObjPtr vm)
{
    check(missing_lock, held(&vm->lock));
    check(wrong_variant, held(&driver->lock));

    virDomainRemoveInactive(&driver->domains, vm);
}

/* The guest counts as stopped from the beginning, for driver and domain are unlocked while QEMU is killed. */
void qemuProcessStop(struct qemud_driver *driver, virDomainObjPtr vm, virDomainShutoffReason reason, unsigned int flags)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));

    if (!virDomainObjIsActive(vm))
        return;
    vm->active = 0;
    if (priv->agent) {
        qemuAgentClose(priv->agent);
        priv->agent = NULL;
    }
    if (priv->mon)
        qemuMonitorClose(priv->mon);
    ignore_value(qemuProcessKill(driver, vm, VIR_QEMU_PROCESS_KILL_FORCE | VIR_QEMU_PROCESS_KILL_NOCHECK));
}

/* What the event loop does when QEMU is gone. It holds nothing, and the monitor's reference keeps the domain. */
void qemuProcessHandleMonitorEOF(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuDriverLock(driver);
    virDomainObjLock(vm);
    if (priv->beingDestroyed || !virDomainObjIsActive(vm)) {
        virDomainObjUnlock(vm);
        qemuDriverUnlock(driver);
        return;
    }
    qemuProcessStop(driver, vm, VIR_DOMAIN_SHUTOFF_SHUTDOWN, 0);
    if (!vm->persistent)
        qemuDomainRemoveInactive(driver, vm);
    else
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}
