/* QEMU dies, and the event loop notices.
 *
 * The event loop has a reference to the monitor as long as that is open, and the monitor one to its domain. Here they are taken when
 * QEMU dies: until then driver, job and list keep both as well. */
void eventLoopHangup(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;
    qemuMonitorPtr mon;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    priv = vm->privateData;
    mon = priv->mon;
    if (!virDomainObjIsActive(vm)) {
        virDomainObjUnlock(vm);
        return;
    }
    virObjectRef(vm);
    virObjectRef(mon);
    virDomainObjUnlock(vm);

    qemuMonitorIO(mon, 1);
    qemuProcessHandleMonitorEOF(mon, vm);

    if (virObjectUnref(mon))
        mon = NULL;
    virDomainObjLock(vm);
    if (mon && priv->mon == mon)
        priv->mon = NULL; /* what the last reference does */
    if (virObjectUnref(vm))
        virDomainObjUnlock(vm);
}

/* The fault `domain-death`. */
void qemuProcessDied(virDomainObjPtr vm)
{
    if (!nondet())
        eventLoopHangup(vm);
}
