/* The fault `domain-death`: QEMU dies, or not, and the event loop notices. */
void qemuProcessDied(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    if (nondet())
        return;
    qemuMonitorLock(priv->mon);
    priv->mon->eof = 1;
    qemuMonitorUnlock(priv->mon);

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    vm->active = 0;
    virDomainObjUnlock(vm);
}
