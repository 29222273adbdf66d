/* What the helpers of 2009 to 2011 promise, asked one by one. What differs in the course of this
 * time is in capitals. */

static virDomainObjPtr locked(virDomainObjPtr vm)
{
    virDomainObjPtr found;

    qemuDriverLock(driver);
    found = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    assert(found && found == vm);
    return found;
}

/* For who goes on with the driver locked. */
static virDomainObjPtr locked_with_driver(virDomainObjPtr vm)
{
    virDomainObjPtr found;

    qemuDriverLock(driver);
    found = virDomainFindByUUID(&driver->domains, vm);
    assert(found && found == vm);
    return found;
}

/* The list. */

void found(virDomainObjPtr vm)
{
    virDomainObjPtr other;

    qemuDriverLock(driver);
    other = virDomainFindByUUID(&driver->domains, vm);
    assert(other == vm);
    touch(other);
    virDomainObjUnlock(other);
    other = virDomainFindByID(&driver->domains, vm);
    assert(other == vm);
    touch(other);
    virDomainObjUnlock(other);
    other = virDomainFindByName(&driver->domains, vm);
    assert(other == vm);

    /* Off the list it is found no more. Who has a reference gets it unlocked. */
    virDomainObjRef(other);
    virDomainRemoveInactive(&driver->domains, other);
    other = virDomainFindByUUID(&driver->domains, vm);
    assert(!other);
    other = virDomainFindByID(&driver->domains, vm);
    assert(!other);
    other = virDomainFindByName(&driver->domains, vm);
    assert(!other);
    virDomainObjLock(vm);
    assert(!vm->listed);
    virDomainObjUnref(vm);
    qemuDriverUnlock(driver);
}

/* The list's reference is the last: nothing is left to be unlocked. */
void removed(virDomainObjPtr vm)
{
    virDomainObjPtr other = locked_with_driver(vm);

    virDomainRemoveInactive(&driver->domains, other);
    qemuDriverUnlock(driver);
}

void find_or_not(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (vm) {
        touch(vm);
        virDomainObjUnlock(vm);
    }
    qemuDriverUnlock(driver);
}

/* Jobs. */

void modify(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret;

    vm = locked(vm);
    ret = qemuDomainObjBeginJob(vm);
    assert(ret == 0 && priv->jobActive);
    virDomainObjUnlock(vm);
    virDomainObjLock(vm);
    assert(priv->jobActive);
    qemuDomainObjEndJob(vm);
    assert(!priv->jobActive);
    virDomainObjUnlock(vm);
}

/* With the driver from beginning to end. */
void define(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret;

    vm = locked_with_driver(vm);
    ret = qemuDomainObjBeginJobWithDriver(driver, vm);
    assert(ret == 0 && priv->jobActive);
    touch(vm);
    qemuDomainObjEndJob(vm);
    assert(!priv->jobActive);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* Without the job where the wait fails. The domain stays locked, and has the references it had. */
void modify_in_time(virDomainObjPtr vm)
{
    vm = locked(vm);
    if (qemuDomainObjBeginJob(vm) == 0)
        qemuDomainObjEndJob(vm);
    touch(vm);
    virDomainObjUnlock(vm);
}

void define_in_time(virDomainObjPtr vm)
{
    vm = locked_with_driver(vm);
    if (qemuDomainObjBeginJobWithDriver(driver, vm) == 0)
        qemuDomainObjEndJob(vm);
#ifdef REFUSED_WITHOUT_THE_DRIVER
    else
        qemuDriverLock(driver);
#endif
    touch(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* The monitor. */

/* Waits for QEMU within a job. Whoever answers needs driver and domain first. */
void ask_while_others_look(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret;

    vm = locked(vm);
    ret = qemuDomainObjBeginJob(vm);
    assert(ret == 0 && virDomainObjIsActive(vm));
    qemuDomainObjEnterMonitor(vm);
    ret = qemuMonitorSend(priv->mon, NULL);
    assert(ret == 0);
    qemuDomainObjExitMonitor(vm);
    touch(vm);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
}

void ask_with_driver_while_others_look(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret;

    vm = locked_with_driver(vm);
    ret = qemuDomainObjBeginJobWithDriver(driver, vm);
    assert(ret == 0 && virDomainObjIsActive(vm));
    qemuDomainObjEnterMonitorWithDriver(driver, vm);
    ret = qemuMonitorSend(priv->mon, NULL);
    assert(ret == 0);
    qemuDomainObjExitMonitorWithDriver(driver, vm);
    touch(vm);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

void look_and_answer(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    vm = locked(vm);
    touch(vm);
    virDomainObjUnlock(vm);
    qemuMonitorIO(priv->mon, 0);
}

/* Is told that QEMU is gone, and asks no more. */
void ask_in_vain(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret;

    qemuMonitorLock(priv->mon);
    ret = qemuMonitorSend(priv->mon, NULL);
    assert(ret == -1 && priv->mon->eof);
    ret = qemuMonitorCommand(priv->mon);
    assert(ret == -1);
    qemuMonitorUnlock(priv->mon);
}

void hang_up(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuMonitorIO(priv->mon, 1);
}

/* May lose the guest at any time. */
void ask(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    vm = locked(vm);
    if (qemuDomainObjBeginJob(vm) == 0) {
        if (virDomainObjIsActive(vm)) {
            qemuDomainObjEnterMonitor(vm);
            qemuMonitorCommand(priv->mon);
            qemuDomainObjExitMonitor(vm);
        }
        qemuDomainObjEndJob(vm);
    }
    virDomainObjUnlock(vm);
}

/* The end of a guest. */

void stopped(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret;

    vm = locked_with_driver(vm);
    ret = qemuDomainObjBeginJobWithDriver(driver, vm);
    assert(ret == 0 && virDomainObjIsActive(vm));
    STOP(vm);
    assert(!virDomainObjIsActive(vm) && !priv->mon);

    /* Once more does nothing, and a guest need not have a monitor. */
    STOP(vm);
    vm->active = 1;
    STOP(vm);
    assert(!virDomainObjIsActive(vm));
    qemuMonitorClose(NULL);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* The event loop hears that QEMU is gone. */
void end_of_file(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    END_OF_FILE(priv->mon, vm);
    vm = locked(vm);
    assert(!virDomainObjIsActive(vm) && !priv->mon && vm->listed);
    virDomainObjUnlock(vm);
    END_OF_FILE(NULL, vm);
}
