/* query, honouring what EndJob says since December 2009: no references left, no domain left. */
void query_z(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(vm) < 0) {
        virDomainObjUnlock(vm);
        return;
    }
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    if (qemuDomainObjEndJob(vm) > 0)
        virDomainObjUnlock(vm);
}
