/* 2016, when every guest is stopped in a job. */
#define END_API(vm) virDomainObjEndAPI(&vm)
#define STOP(vm) qemuProcessStop(qemu_driver, vm, 0, QEMU_ASYNC_JOB_NONE, 0)
#include "era-2013-helpers.c"
#include "era-definitions.c"
#include "era-exit-tells.c"

/* Who asks by UUID has no reference of his own; who asks by name or a handle has. */
void found(virDomainPtr dom)
{
    virDomainObjListPtr doms = qemu_driver->domains;
    const void *name = dom->uuid; /* stands for it here */
    virDomainObjPtr vm = virDomainObjListFindByName(doms, name);

    assert(vm && vm == dom->uuid);
    touch(vm);
    virDomainObjEndAPI(&vm);
    vm = virDomainObjListFindByUUID(doms, name);
    assert(vm && vm == dom->uuid);

    /* Who is going is found no more. */
    vm->removing = true;
    virObjectUnlock(vm);
    vm = virDomainObjListFindByUUID(doms, name);
    assert(!vm);
    vm = virDomainObjListFindByName(doms, name);
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
    virDomainObjEndAPI(&vm);
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

/* Who finds a domain that is going lets it go again, the lock before the reference. */
void look_or_not(virDomainPtr dom)
{
    virDomainObjPtr vm = qemuDomObjFromDomain(dom);

    if (vm)
        touch(vm);
    virDomainObjEndAPI(&vm);
}

void removed(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuDomainRemoveInactive(qemu_driver, vm);
    assert(vm->listed && !priv->job.active);
    vm->persistent = false;
    qemuDomainRemoveInactive(qemu_driver, vm);
    assert(!vm->listed && vm->removing && !priv->job.active);
    virDomainObjEndAPI(&vm);
}

/* Where no job is to be had the domain goes all the same. */
void removed_without_a_job(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;

    vm->persistent = false;
    if (qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_START) == 0)
        qemuDomainObjReleaseAsyncJob(vm);
    qemuDomainRemoveInactive(qemu_driver, vm);
    assert(!vm->listed && vm->removing && !priv->job.active);
    virDomainObjEndAPI(&vm);
}

void started(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = qemuProcessBeginJob(qemu_driver, vm);

    assert(ret == 0 && priv->job.asyncJob == QEMU_ASYNC_JOB_START && priv->job.asyncOwner);
    assert(priv->job.mask == JOB_MASK(QEMU_JOB_DESTROY));
    qemuProcessEndJob(qemu_driver, vm);
    assert(!priv->job.asyncJob && !priv->job.asyncOwner);
    virDomainObjEndAPI(&vm);
}

static void stop_in_a_job_of_its_own(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = qemuProcessBeginStopJob(qemu_driver, vm, QEMU_JOB_DESTROY, true);

    assert(ret == 0 && priv->job.active == QEMU_JOB_DESTROY && !priv->beingDestroyed);
    STOP(vm);
    assert(!virDomainObjIsActive(vm) && priv->job.active == QEMU_JOB_DESTROY);
    qemuDomainObjEndJob(qemu_driver, vm);
}

void destroy(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);

    stop_in_a_job_of_its_own(vm);
    virDomainObjEndAPI(&vm);
}

/* Within an async job the stop is a job of its own. */
void stopped_in_a_job(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_SAVE);

    assert(ret == 0);
    qemuProcessStop(qemu_driver, vm, 0, QEMU_ASYNC_JOB_DUMP, 0);
    assert(virDomainObjIsActive(vm) && !priv->job.active);
    qemuProcessStop(qemu_driver, vm, 0, QEMU_ASYNC_JOB_SAVE, 0);
    assert(!virDomainObjIsActive(vm) && !priv->job.active && priv->job.asyncOwner);
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
    virDomainObjEndAPI(&vm);
}

/* Who cannot have the job does not stop the guest, and others may. */
void stopped_in_vain(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    bool busy = priv->job.active;
    int ret = qemuProcessBeginStopJob(qemu_driver, vm, QEMU_JOB_DESTROY, false);

    assert(!priv->beingDestroyed && (ret == 0 || (ret == -1 && busy)));
    if (ret == 0)
        qemuDomainObjEndJob(qemu_driver, vm);
    virDomainObjEndAPI(&vm);
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
    assert(virDomainObjIsActive(vm) && !priv->job.active);
    priv->beingDestroyed = false;
    vm->persistent = false;
    processMonitorEOFEvent(qemu_driver, vm);
    assert(!virDomainObjIsActive(vm) && !vm->listed && !priv->job.active);
    virObjectUnref(mon);
    virDomainObjEndAPI(&vm);
}

/* Waits until a worker has stopped the guest. */
void left_to_a_worker(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuMonitorPtr mon = virObjectRef(priv->mon);

    virObjectUnlock(vm);
    qemuProcessHandleMonitorEOF(mon, vm);
    virObjectUnref(mon);
    virObjectLock(vm);
    while (virDomainObjIsActive(vm))
        virDomainObjWait(vm);
    virDomainObjEndAPI(&vm);
}

/* Waits. */

void await_end(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    int ret = 0;

    while (virDomainObjIsActive(vm) && ret == 0)
        ret = virDomainObjWait(vm);
    assert(ret == 0);
    virDomainObjEndAPI(&vm);
}

void await_in_job(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;

    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY) == 0) {
        while (virDomainObjIsActive(vm) && !priv->beingDestroyed)
            virDomainObjWait(vm);
        qemuDomainObjEndJob(qemu_driver, vm);
    }
    virDomainObjEndAPI(&vm);
}

static bool woken;

/* The wait fails, or somebody wakes. */
void await_in_vain(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    int ret = virDomainObjWait(vm);

    assert(ret == -1 || woken);
    virDomainObjEndAPI(&vm);
}

void wake(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);

    woken = true;
    virDomainObjBroadcast(vm);
    virDomainObjEndAPI(&vm);
}

/* The other drivers have QEMU's jobs under names of their own. */
void other_drivers(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = libxlDomainObjBeginJob(NULL, vm, 0);

    assert(ret == 0 && priv->job.active == QEMU_JOB_MODIFY);
    libxlDomainObjEndJob(NULL, vm);
    assert(!priv->job.active);
    ret = virLXCDomainObjBeginJob(NULL, vm, 0);
    assert(ret == 0 && priv->job.active == QEMU_JOB_MODIFY);
    virLXCDomainObjEndJob(NULL, vm);
    assert(!priv->job.active);
    virDomainObjEndAPI(&vm);
}
