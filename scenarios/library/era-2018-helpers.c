/* What the helpers of 2018 to 2021 promise, asked one by one. Most threads here are alone: what
 * they assert holds whatever happens elsewhere. What has another name or other parameters in the
 * course of this time is in capitals. */

static virDomainObjPtr locked(virDomainPtr dom)
{
    virDomainObjPtr vm = FROM_DOMAIN(dom);

    assert(vm && vm == dom->uuid);
    return vm;
}

#include "era-definitions.c"

/* The list. */

static virDomainObjPtr add(int id)
{
    virDomainDefPtr def = g_new0(virDomainDef, 1);
    virDomainDefPtr old = def;
    virDomainObjPtr vm;

    def->id = id;
    vm = virDomainObjListAdd(qemu_driver->domains, def, NULL, 0, &old);
    assert(vm && vm->def == def && !old);
    return vm;
}

/* The last reference goes, and the configuration with it. */
static void drop(virDomainObjPtr vm)
{
    virDomainDefPtr def = vm->def;

    virDomainObjEndAPI(&vm);
    g_free(def);
}

static int visits;

static int visit(virDomainObjPtr vm, void *opaque)
{
    virObjectLock(vm);
    touch(vm);
    virObjectUnlock(vm);
    visits++;
    return visits == 1 ? -1 : 0;
}

void found_by_id(virConnectPtr conn)
{
    virDomainObjListPtr doms = qemu_driver->domains;
    virDomainObjPtr first = add(5);
    virDomainObjPtr second;
    virDomainObjPtr vm;
    int ret;

    virObjectUnlock(first);
    second = add(7);
    virObjectUnlock(second);
    vm = virDomainObjListFindByID(doms, 7);
    assert(vm == second);
    virDomainObjEndAPI(&vm);
    vm = virDomainObjListFindByID(doms, 6);
    assert(!vm);
    ret = FOR_EACH(doms, visit);
    assert(ret == -1 && visits == 2);

    vm = virDomainObjListFindByID(doms, 5);
    assert(vm == first);
    virDomainObjListRemove(doms, vm);
    assert(!vm->listed && vm->removing);
    virObjectUnref(first);
    drop(vm);
    virObjectRWLockWrite(doms);
    virObjectLock(second);
    virDomainObjListRemoveLocked(doms, second);
    assert(!second->listed);
    virObjectRWUnlock(doms);
    drop(second);
}

void found_by_name(virDomainPtr dom)
{
    const void *name = dom->uuid; /* stands for it here */
    virDomainObjPtr vm = virDomainObjListFindByName(qemu_driver->domains, name);

    assert(vm && vm == dom->uuid);
    touch(vm);
    virDomainObjEndAPI(&vm);
}

/* A domain comes, and goes again. */
void come_and_go(virConnectPtr conn)
{
    virDomainObjPtr vm = add(5);

    virObjectUnlock(vm);
    virObjectLock(vm);
    virDomainObjListRemove(qemu_driver->domains, vm);
    drop(vm);
}

/* Finds it, or comes too early or too late. */
void look_by_id(virConnectPtr conn)
{
    virDomainObjPtr vm = virDomainObjListFindByID(qemu_driver->domains, 5);

    if (vm)
        touch(vm);
    virDomainObjEndAPI(&vm);
}

/* Jobs. */

void jobs(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    struct qemuDomainJobObj *job = &priv->job;
    int ret;

    ret = qemuDomainObjBeginJobNowait(qemu_driver, vm, QEMU_JOB_QUERY);
    assert(ret == 0 && job->active == QEMU_JOB_QUERY);
    qemuDomainObjEndJob(qemu_driver, vm);
    assert(!job->active);
    ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP, 0, 0);
    assert(ret == 0 && job->asyncJob == QEMU_ASYNC_JOB_DUMP && job->asyncOwner);
    qemuDomainObjSetJobPhase(qemu_driver, vm, 1);
    ret = qemuDomainObjEnterMonitorAsync(qemu_driver, vm, QEMU_ASYNC_JOB_SAVE);
    assert(ret == -1 && !job->active);
    ret = qemuDomainObjEnterMonitorAsync(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0);
    ret = qemuMonitorCommand(priv->mon);
    assert(ret == 0);
    ret = qemuDomainObjExitMonitor(qemu_driver, vm);
    assert(ret == 0 && !job->active);
    qemuDomainObjReleaseAsyncJob(vm);
    assert(!job->asyncOwner && job->asyncJob);
    ret = qemuDomainObjBeginJobNowait(qemu_driver, vm, QEMU_JOB_MODIFY);
    assert(ret == -1 && !job->active);
    qemuDomainObjDiscardAsyncJob(qemu_driver, vm);
    assert(!job->asyncJob && job->mask == QEMU_JOB_DEFAULT_MASK);
    virDomainObjEndAPI(&vm);
}

/* A start lets in nobody but who destroys the domain. */
void started(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    struct qemuDomainJobObj *job = &priv->job;
    int ret = qemuProcessBeginJob(qemu_driver, vm, 0, 0);

    assert(ret == 0 && job->asyncJob == QEMU_ASYNC_JOB_START && job->asyncOwner);
    assert(job->mask == JOB_MASK(QEMU_JOB_DESTROY));
    qemuProcessEndJob(qemu_driver, vm);
    assert(!job->asyncJob && !job->asyncOwner);
    virDomainObjEndAPI(&vm);
}

/* While another daemon is asked the domain is unlocked. */
void remote(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    int ret;

    qemuDomainObjEnterRemote(vm);
    ret = qemuDomainObjExitRemote(vm, true);
    assert(ret == (virDomainObjIsActive(vm) ? 0 : -1));
    qemuDomainObjEnterRemote(vm);
    ret = qemuDomainObjExitRemote(vm, false);
    assert(ret == 0);
    virDomainObjEndAPI(&vm);
}

void migration(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    struct qemuDomainJobObj *job = &priv->job;
    int ret;

    ret = qemuMigrationJobStart(qemu_driver, vm, QEMU_ASYNC_JOB_MIGRATION_IN, 0);
    assert(ret == 0 && job->mask == JOB_MASK(QEMU_JOB_DESTROY));
    assert(qemuMigrationJobIsActive(vm, QEMU_ASYNC_JOB_MIGRATION_IN));
    qemuMigrationJobSetPhase(qemu_driver, vm, 1);
    qemuMigrationJobContinue(vm);
    assert(!job->asyncOwner);
    qemuMigrationJobStartPhase(qemu_driver, vm, 2);
    assert(job->asyncOwner);
    qemuMigrationJobFinish(qemu_driver, vm);
    assert(!job->asyncJob && !qemuMigrationJobIsActive(vm, QEMU_ASYNC_JOB_MIGRATION_IN));
    ret = qemuMigrationJobStart(qemu_driver, vm, QEMU_ASYNC_JOB_MIGRATION_OUT, 0);
    assert(ret == 0);
    assert(job->mask ==
           (QEMU_JOB_DEFAULT_MASK | JOB_MASK(QEMU_JOB_SUSPEND) | JOB_MASK(QEMU_JOB_MIGRATION_OP)));
    qemuMigrationDstPrepareCleanup(qemu_driver, vm);
    assert(job->asyncJob == QEMU_ASYNC_JOB_MIGRATION_OUT);
    qemuMigrationJobFinish(qemu_driver, vm);

    /* The guest stops between two calls. */
    ret = qemuMigrationJobStart(qemu_driver, vm, QEMU_ASYNC_JOB_MIGRATION_IN, 0);
    assert(ret == 0);
    qemuMigrationJobContinue(vm);
    qemuDomainCleanupAdd(vm, qemuMigrationDstPrepareCleanup);
    qemuDomainCleanupRun(qemu_driver, vm);
    assert(!job->asyncJob && !priv->cleanup);
    virDomainObjEndAPI(&vm);
}

/* The end of a guest. */

static int cleanups;

static void count_cleanup(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    assert(driver == qemu_driver && virDomainObjIsActive(vm));
    cleanups++;
}

void stopped(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    virDomainDefPtr next = vm->newDef;
    int ret;

    qemuDomainCleanupAdd(vm, count_cleanup);
    qemuDomainCleanupRemove(vm, qemuMigrationDstPrepareCleanup);
    assert(priv->cleanup == count_cleanup);
    ret = qemuProcessBeginStopJob(qemu_driver, vm, QEMU_JOB_DESTROY, true);
    assert(ret == 0 && priv->job.active == QEMU_JOB_DESTROY && !priv->beingDestroyed);
    qemuProcessStop(qemu_driver, vm, 0, QEMU_ASYNC_JOB_NONE, 0);
    assert(!virDomainObjIsActive(vm) && !priv->mon && !priv->agent && cleanups == 1 && vm->def == next);
    qemuDomainRemoveInactive(qemu_driver, vm);
    assert(vm->listed);
    vm->persistent = false;
    qemuDomainRemoveInactive(qemu_driver, vm);
    assert(!vm->listed && vm->removing);
    qemuDomainObjEndJob(qemu_driver, vm);
    virDomainObjEndAPI(&vm);
}

/* Within an async job the stop is a job of its own. */
void stopped_in_a_job(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_SAVE, 0, 0);

    assert(ret == 0);
    qemuProcessStop(qemu_driver, vm, 0, QEMU_ASYNC_JOB_SAVE, 0);
    assert(!virDomainObjIsActive(vm) && !priv->job.active && priv->job.asyncOwner);
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
    qemuDomainRemoveInactiveJob(qemu_driver, vm);
    assert(vm->listed && !priv->job.active);
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

#include "era-connections.c"

void agent_command(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuAgentPtr agent;
    int ret = qemuDomainObjBeginAgentJob(qemu_driver, vm, QEMU_AGENT_JOB_QUERY);

    assert(ret == 0);
    if (qemuDomainAgentAvailable(vm, true)) {
        agent = qemuDomainObjEnterAgent(vm);
        ret = qemuAgentCommand(agent);
        assert(ret == 0);
        qemuDomainObjExitAgent(vm, agent);
    }
    qemuDomainObjEndAgentJob(vm);
    virDomainObjEndAPI(&vm);
}

/* The other drivers have QEMU's helpers under names of their own. */
static void found(virDomainObjPtr vm, virDomainPtr dom)
{
    assert(vm && vm == dom->uuid);
    touch(vm);
    virDomainObjEndAPI(&vm);
}

void other_drivers(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;
    int ret;

    found(lxcDomObjFromDomain(dom), dom);
    found(testDomObjFromDomain(dom), dom);
    found(bhyveDomObjFromDomain(dom), dom);
    found(vzDomObjFromDomain(dom), dom);
    vm = libxlDomObjFromDomain(dom);
    assert(vm && vm == dom->uuid);
    priv = vm->privateData;
    ret = libxlDomainObjBeginJob(NULL, vm, 0);
    assert(ret == 0 && priv->job.active);
    libxlDomainObjEndJob(NULL, vm);
    assert(!priv->job.active);
    ret = virLXCDomainObjBeginJob(NULL, vm, 0);
    assert(ret == 0 && priv->job.active);
    virLXCDomainObjEndJob(NULL, vm);
    assert(!priv->job.active);
    virDomainObjEndAPI(&vm);
}
