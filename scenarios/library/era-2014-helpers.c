/* What is so in December 2014 and January 2015 only. */
#define END_API(vm) qemuDomObjEndAPI(&vm)
#define STOP(vm) qemuProcessStop(qemu_driver, vm, 0, 0)
#include "era-2013-helpers.c"

void end_of_nothing(virConnectPtr conn)
{
    virDomainObjPtr vm = NULL;

    qemuDomObjEndAPI(&vm);
    assert(!vm);
}

/* Who asks by name or UUID has no reference of his own; who asks by a handle has. */
void found(virDomainPtr dom)
{
    virDomainObjListPtr doms = qemu_driver->domains;
    const void *name = dom->uuid; /* stands for it here */
    virDomainObjPtr vm = virDomainObjListFindByName(doms, name);

    assert(vm && vm == dom->uuid);
    touch(vm);
    virObjectUnlock(vm);
    vm = virDomainObjListFindByUUID(doms, name);
    assert(vm && vm == dom->uuid);

    /* Who is going is found no more. */
    vm->removing = true;
    virObjectUnlock(vm);
    vm = virDomainObjListFindByUUID(doms, name);
    assert(!vm);
    vm = qemuDomObjFromDomain(dom);
    assert(!vm);
    virObjectLock(dom->uuid);
    dom->uuid->removing = false;
    virObjectUnlock(dom->uuid);
    vm = qemuDomObjFromDomain(dom);
    virDomainObjListRemove(doms, vm);
    virObjectLock(vm);
    assert(!vm->listed && vm->removing);

    /* Once more does nothing, and it is unlocked again. */
    virObjectUnlock(vm);
    virObjectLock(doms);
    virObjectLock(vm);
    virDomainObjListRemoveLocked(doms, vm);
    virObjectUnlock(doms);
    virObjectLock(vm);
    qemuDomObjEndAPI(&vm);
    vm = virDomainObjListFindByUUIDRef(doms, name);
    assert(!vm);
    virObjectLock(doms);
    virObjectUnlock(doms);
}

void find_by_uuid_or_not(virDomainPtr dom)
{
    const void *uuid = dom->uuid;
    virDomainObjPtr vm = virDomainObjListFindByUUID(qemu_driver->domains, uuid);

    if (vm) {
        touch(vm);
        virObjectUnlock(vm);
    }
}

/* The event loop hears that QEMU is gone. */
void end_of_file(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuMonitorPtr mon = virObjectRef(priv->mon);

    priv->beingDestroyed = true;
    virObjectUnlock(vm);
    qemuProcessHandleMonitorEOF(mon, vm);
    virObjectLock(vm);
    assert(virDomainObjIsActive(vm));
    priv->beingDestroyed = false;
    virObjectUnlock(vm);
    qemuProcessHandleMonitorEOF(mon, vm);
    virObjectLock(vm);
    assert(!virDomainObjIsActive(vm) && vm->listed && !priv->mon);
    vm->persistent = false;
    virObjectUnlock(vm);
    qemuProcessHandleMonitorEOF(mon, vm);
    virObjectLock(vm);
    assert(vm->listed);
    qemuDomObjEndAPI(&vm);
    virObjectUnref(mon);
}

/* libxl's jobs have references. */
void other_drivers(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = libxlDomainObjBeginJob(NULL, vm, 0);
    bool there;

    assert(ret == 0 && priv->job.active);
    there = libxlDomainObjEndJob(NULL, vm);
    assert(there && !priv->job.active);
    ret = libxlDomainObjBeginJob(NULL, vm, 0);
    assert(ret == 0);
    virDomainObjListRemove(qemu_driver->domains, vm);
    virObjectUnref(vm);
    virObjectLock(vm);
    there = libxlDomainObjEndJob(NULL, vm);
    assert(!there);
}

void other_driver_in_time(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);

    if (libxlDomainObjBeginJob(NULL, vm, 0) == 0) {
        virObjectUnlock(vm);
        virObjectLock(vm);
        libxlDomainObjEndJob(NULL, vm);
    }
    qemuDomObjEndAPI(&vm);
}
