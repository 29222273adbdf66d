/* The calls of the Go daemon in driver/ and its event goroutine, step by step, under its own contract: a refused job leaves nothing to
 * clean up, and an ended one perhaps no domain. */

/* The domain, locked. */
static virDomainObjPtr lookup(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    return vm;
}

/* The domain, locked, and the driver with it. */
static virDomainObjPtr lookupWithDriver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        qemuDriverUnlock(driver);
    return vm;
}

/* Whether who has the job can use the domain. It may have been removed during the wait, and may have stopped. */
static int live(virDomainObjPtr vm)
{
    return vm->listed && virDomainObjIsActive(vm);
}

/* The job ends, and the domain is unlocked, if there still is one. */
static void finish(virDomainObjPtr vm)
{
    if (qemuDomainObjEndJob(vm) > 0)
        virDomainObjUnlock(vm);
}

/* The same, and a domain that neither runs nor is defined goes. */
static void finishInactive(virDomainObjPtr vm)
{
    if (qemuDomainObjEndJob(vm) == 0)
        return;
    if (vm->persistent || vm->active)
        virDomainObjUnlock(vm);
    else
        virDomainRemoveInactive(&driver->domains, vm);
}

/* What QEMU has said is kept, if it is still the domain's QEMU. */
static void note(virDomainObjPtr vm, qemuMonitorPtr mon)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    if (priv->mon == mon)
        touch(vm);
}

/* The connection is given up. The first who does so closes it. */
void qemuMonitorFail(qemuMonitorPtr mon)
{
    if (!mon->eof)
        mon->eof = 1;
}

/* The domain's reference to its monitor goes. Nothing else is locked: who is inside may need it. */
void qemuMonitorClose(qemuMonitorPtr mon)
{
    qemuMonitorLock(mon);
    qemuMonitorFail(mon);
    qemuMonitorRelease(mon);
}

/* The domain is shut off. Its monitor, if it has one, is returned, to be closed once nothing is locked. */
qemuMonitorPtr qemuProcessStop(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuMonitorPtr mon = priv->mon;

    vm->active = 0;
    if (mon) {
        priv->mon = NULL;
        virCondBroadcast(&priv->stopped);
    }
    return mon;
}

void dquery(virDomainObjPtr vm)
{
    qemuMonitorPtr mon;
    int rc;

    vm = lookup(vm);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(vm) < 0)
        return;
    if (!live(vm)) {
        finish(vm);
        return;
    }
    mon = qemuDomainObjEnterMonitor(vm);
    rc = qemuMonitorCommand(mon);
    qemuDomainObjLeaveMonitor(vm, mon);
    if (rc == 0)
        note(vm, mon);
    finish(vm);
}

/* Until the monitor is entered: the driver is needed that long. */
static qemuMonitorPtr enterToModify(virDomainObjPtr vm)
{
    int refused;

    vm = lookupWithDriver(vm);
    if (!vm)
        return NULL;
    refused = qemuDomainObjBeginJobWithDriver(driver, vm);
    qemuDriverUnlock(driver);
    if (refused < 0)
        return NULL;
    if (!live(vm)) {
        finish(vm);
        return NULL;
    }
    return qemuDomainObjEnterMonitor(vm);
}

/* Suspend and resume. */
void dchange(virDomainObjPtr vm)
{
    qemuMonitorPtr mon = enterToModify(vm);
    int rc;

    if (!mon)
        return;
    rc = qemuMonitorCommand(mon);
    qemuDomainObjLeaveMonitor(vm, mon);
    if (rc == 0)
        note(vm, mon);
    finish(vm);
}

/* Set memory: the driver is locked again before the monitor is left. */
void dmemory(virDomainObjPtr vm)
{
    qemuMonitorPtr mon = enterToModify(vm);
    int rc;

    if (!mon)
        return;
    rc = qemuMonitorCommand(mon);
    qemuDriverLock(driver);
    qemuDomainObjLeaveMonitor(vm, mon);
    if (rc == 0)
        touch(vm);
    finish(vm);
    qemuDriverUnlock(driver);
}

/* One round of a long job: the driver is needed all the time, and lent out while QEMU is asked. */
void dlong(virDomainObjPtr vm)
{
    qemuMonitorPtr mon;

    vm = lookupWithDriver(vm);
    if (!vm)
        return;
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0) {
        qemuDriverUnlock(driver);
        return;
    }
    if (live(vm)) {
        mon = qemuDomainObjEnterMonitorWithDriver(driver, vm);
        qemuMonitorCommand(mon);
        qemuDomainObjLeaveMonitorWithDriver(driver, vm, mon);
    }
    finish(vm);
    qemuDriverUnlock(driver);
}

/* What the driver knows, without a job. */
void dinfo(virDomainObjPtr vm)
{
    int told;

    vm = lookup(vm);
    if (!vm)
        return;
    told = virDomainObjIsActive(vm);
    touch(vm);
    told = vm->persistent;
    virDomainObjUnlock(vm);
}

/* A domain that runs and is not defined becomes a defined one. For one that is not there a new one would be made, which is not modelled. */
void ddefine(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (vm) {
        if (!vm->persistent)
            vm->persistent = true;
        virDomainObjUnlock(vm);
    }
    qemuDriverUnlock(driver);
}

/* The definition goes, under a job. A domain that runs goes on, and disappears when it stops. */
void dundefine(virDomainObjPtr vm)
{
    vm = lookupWithDriver(vm);
    if (!vm)
        return;
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0) {
        qemuDriverUnlock(driver);
        return;
    }
    if (!vm->listed || !vm->persistent) {
        finish(vm);
    } else {
        vm->persistent = false;
        finishInactive(vm);
    }
    qemuDriverUnlock(driver);
}

/* The domain's plug is pulled, by whoever has its job. */
void ddestroy(virDomainObjPtr vm)
{
    qemuMonitorPtr mon = NULL;

    vm = lookupWithDriver(vm);
    if (!vm)
        return;
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0) {
        qemuDriverUnlock(driver);
        return;
    }
    if (live(vm)) {
        mon = qemuProcessStop(vm);
        finishInactive(vm);
    } else {
        finish(vm);
    }
    qemuDriverUnlock(driver);
    if (mon)
        qemuMonitorClose(mon);
}

/* Until the domain, as it runs now, has stopped. */
void dwait(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;
    qemuMonitorPtr mon;

    vm = lookup(vm);
    if (!vm)
        return;
    priv = vm->privateData;
    mon = priv->mon;
    if (!vm->active) {
        virDomainObjUnlock(vm);
        return;
    }
    virDomainObjRef(vm);
    while (priv->mon == mon) {
        if (virCondWait(&priv->stopped, &vm->lock) < 0)
            break;
    }
    if (virDomainObjUnref(vm) > 0)
        virDomainObjUnlock(vm);
}

/* The event goroutine has seen the end of QEMU: the domain stops, unless it did so before. One that is not defined goes with it, and its
 * reference is dropped in any case. */
void qemuProcessHandleMonitorEOF(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuMonitorPtr old = NULL;
    int told;

    qemuDriverLock(driver);
    virDomainObjLock(vm);
    told = vm->persistent;
    if (priv->mon == mon) {
        told = vm->active;
        old = qemuProcessStop(vm);
    }
    if (virDomainObjUnref(vm) > 0) {
        if (!vm->persistent && !vm->active)
            virDomainRemoveInactive(&driver->domains, vm);
        else
            virDomainObjUnlock(vm);
    }
    qemuDriverUnlock(driver);
    if (old)
        qemuMonitorClose(old);
    /* An event goroutine less. */
    qemuDriverLock(driver);
    qemuDriverUnlock(driver);
}

/* QEMU says that the guest stopped or went on. */
void qemuProcessHandleStop(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virDomainObjLock(vm);
    if (vm->active && priv->mon == mon)
        touch(vm);
    virDomainObjUnlock(vm);
}

/* The event goroutine of one QEMU, which says so many events and is gone. It has a reference to both, taken under a job. */
void qemuMonitorIO(virDomainObjPtr vm, int events)
{
    qemuDomainObjPrivatePtr priv;
    qemuMonitorPtr mon;

    vm = lookup(vm);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(vm) < 0)
        return;
    if (!live(vm)) {
        finish(vm);
        return;
    }
    priv = vm->privateData;
    mon = priv->mon;
    qemuMonitorLock(mon);
    qemuMonitorRef(mon);
    qemuMonitorUnlock(mon);
    virDomainObjRef(vm);
    finish(vm);
    qemuDriverLock(driver);
    qemuDriverUnlock(driver);

    qemuMonitorLock(mon);
    while (!mon->eof) {
        qemuMonitorUnlock(mon);
        /* Something comes, an event or the end. */
        qemuMonitorLock(mon);
        if (events-- == 0) {
            qemuMonitorFail(mon);
            break;
        }
        if (mon->eof)
            continue;
        qemuMonitorUnlock(mon);
        qemuProcessHandleStop(mon, vm);
        qemuMonitorLock(mon);
    }
    qemuMonitorRelease(mon);
    qemuProcessHandleMonitorEOF(mon, vm);
}

/* The fault `domain-death`: QEMU dies, or not. */
void qemuProcessDied(virDomainObjPtr vm)
{
    if (!nondet())
        qemuMonitorIO(vm, 0);
}
