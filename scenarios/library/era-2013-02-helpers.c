/* 2013, when who looks a domain up has no reference to it, and who has a job has one. */
#define END_API(vm) virObjectUnlock(vm)
#define STOP(vm) qemuProcessStop(qemu_driver, vm, 0, 0)
#define JOBS_HAVE_REFERENCES
#include "era-2013-helpers.c"

void found_by_name(virDomainPtr dom)
{
    virDomainObjListPtr doms = qemu_driver->domains;
    const void *name = dom->uuid; /* stands for it here */
    virDomainObjPtr vm = virDomainObjListFindByName(doms, name);

    assert(vm && vm == dom->uuid);
    touch(vm);
    virDomainObjListRemove(doms, vm);
    vm = virDomainObjListFindByName(doms, name);
    assert(!vm);
    virObjectLock(doms);
    virObjectUnlock(doms);
}

void found_by_id(virConnectPtr conn)
{
    virDomainObjListPtr doms = qemu_driver->domains;
    virDomainObjPtr first = add(5);
    virDomainObjPtr second;
    virDomainObjPtr vm;

    virObjectUnlock(first);
    second = add(7);
    virObjectUnlock(second);
    vm = virDomainObjListFindByID(doms, 7);
    assert(vm == second);
    vm->def->id = 5; /* the first that fits */
    virObjectUnlock(vm);
    vm = virDomainObjListFindByID(doms, 6);
    assert(!vm);
    vm = virDomainObjListFindByID(doms, 5);
    assert(vm == first);
    forget(vm);
    vm = virDomainObjListFindByID(doms, 5);
    assert(vm == second);
    vm->def->id = -1;
    virObjectUnlock(vm);
    vm = virDomainObjListFindByID(doms, -1);
    assert(!vm);
    virObjectLock(second);
    forget(second);
    virObjectLock(doms);
    virObjectUnlock(doms);
}

/* Only on the way to the list a domain can be had that is going. */
void come_and_go(virConnectPtr conn)
{
    forget(add(5));
}

void look_by_id(virConnectPtr conn)
{
    virDomainObjPtr vm = virDomainObjListFindByID(qemu_driver->domains, 5);

    if (vm) {
        touch(vm);
        virObjectUnlock(vm);
    }
}

/* A domain that is off the list and has one job: the domain goes with it. */
static virDomainObjPtr with_a_job(qemuDomainJob job)
{
    virDomainObjPtr vm = add(5);
    int ret = job ? qemuDomainObjBeginJob(qemu_driver, vm, job)
                  : qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);

    assert(ret == 0);
    virDomainObjListRemove(qemu_driver->domains, vm);
    virObjectLock(vm);
    assert(!vm->listed);
    return vm;
}

void kept_by_a_job(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    virDomainDefPtr def;
    int ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY);
    bool there = qemuDomainObjEndJob(qemu_driver, vm);

    assert(ret == 0 && there);
    ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    there = qemuDomainObjEndAsyncJob(qemu_driver, vm);
    assert(ret == 0 && there);
    virObjectUnlock(vm);

    vm = with_a_job(QEMU_JOB_MODIFY);
    def = vm->def;
    there = qemuDomainObjEndJob(qemu_driver, vm);
    assert(!there);
    g_free(def);
    vm = with_a_job(QEMU_JOB_NONE);
    def = vm->def;
    there = qemuDomainObjEndAsyncJob(qemu_driver, vm);
    assert(!there);
    g_free(def);

    /* A migration keeps it during each call, and not between two. */
    vm = with_a_job(QEMU_JOB_NONE);
    def = vm->def;
    virObjectRef(vm);
    there = qemuMigrationJobContinue(vm);
    assert(there);
    qemuMigrationJobStartPhase(qemu_driver, vm, 1);
    virObjectUnref(vm);
    there = qemuMigrationJobFinish(qemu_driver, vm);
    assert(!there);
    g_free(def);
    vm = with_a_job(QEMU_JOB_NONE);
    def = vm->def;
    there = qemuMigrationJobContinue(vm);
    assert(!there);
    g_free(def);

    /* Who is asked in another daemon keeps it, and so does a nested job. */
    vm = with_a_job(QEMU_JOB_MODIFY);
    def = vm->def;
    qemuDomainObjEnterRemote(vm);
    virObjectLock(vm);
    there = qemuDomainObjEndJob(qemu_driver, vm);
    assert(there);
    virObjectRef(vm);
    virObjectUnlock(vm);
    qemuDomainObjExitRemote(vm);
    there = virObjectUnref(vm);
    assert(!there);
    g_free(def);
    vm = with_a_job(QEMU_JOB_NONE);
    def = vm->def;
    ret = qemuDomainObjEnterMonitorAsync(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0);
    qemuDomainObjExitMonitor(qemu_driver, vm);
    touch(vm);
    there = qemuDomainObjEndAsyncJob(qemu_driver, vm);
    assert(!there);
    g_free(def);
}

/* The event loop hears that QEMU is gone. It has a reference. */
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

    /* A transient domain goes with its guest. */
    vm->def->id = 1;
    virObjectRef(vm);
    virObjectUnlock(vm);
    qemuProcessHandleMonitorEOF(mon, vm);
    virObjectLock(vm);
    assert(!virDomainObjIsActive(vm) && !vm->listed);
    virObjectUnlock(vm);
    virObjectUnref(vm);
    virObjectUnref(mon);
}

void removed(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);

    virObjectRef(vm);
    qemuDomainRemoveInactive(qemu_driver, vm);
    virObjectLock(vm);
    assert(!vm->listed);

    /* Once more does nothing. */
    virDomainObjListRemove(qemu_driver->domains, vm);
    virObjectLock(qemu_driver->domains);
    virObjectLock(vm);
    virDomainObjListRemoveLocked(qemu_driver->domains, vm);
    virObjectUnlock(qemu_driver->domains);
    virObjectLock(vm);
    virObjectUnref(vm);
}
