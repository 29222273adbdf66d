/* The threads of example.yaml. It is C as libvirt has it; lockproof reads it strictly: what it does not know is an error.
 * `driver` is the one driver; the helpers come from the protocol that the suite names. */

/* Asks QEMU something. The caller has the domain locked and the job begun. */
static void ask(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
}

/* Drops the driver before it begins the job. */
void query(virDomainObjPtr dom)
{
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(vm) == 0) {
        ask(vm);
        qemuDomainObjEndJob(vm);
    }
    virDomainObjUnlock(vm);
}

/* Needs the driver as well: the helper drops it for the wait and locks it again. */
void change(virDomainObjPtr dom)
{
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom);
    if (vm && qemuDomainObjBeginJobWithDriver(driver, vm) == 0) {
        qemuDriverUnlock(driver);
        ask(vm);
        qemuDomainObjEndJob(vm);
    } else {
        qemuDriverUnlock(driver);
    }
    if (vm)
        virDomainObjUnlock(vm);
}

/* Begins the job with the driver locked, which the helper's comment forbids. */
void hasty(virDomainObjPtr dom)
{
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom);
    if (vm && qemuDomainObjBeginJob(vm) == 0) {
        qemuDriverUnlock(driver);
        ask(vm);
        qemuDomainObjEndJob(vm);
    } else {
        qemuDriverUnlock(driver);
    }
    if (vm)
        virDomainObjUnlock(vm);
}
