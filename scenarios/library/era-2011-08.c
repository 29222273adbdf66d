/* Long jobs, jobs that are handed on, the agent, and the end of a guest, from August 2011 to January 2013. */

/* A long job asks QEMU how far it is, with a nested job each time. */
void save(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginAsyncJobWithDriver(driver, vm, QEMU_ASYNC_JOB_SAVE) < 0)
        goto cleanup;
    if (!virDomainObjIsActive(vm))
        goto endjob;
    priv = vm->privateData;
    if (qemuDomainObjEnterMonitorAsync(driver, vm, QEMU_ASYNC_JOB_SAVE) < 0)
        goto endjob;
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitorWithDriver(driver, vm);

endjob:
    if (qemuDomainObjEndAsyncJob(driver, vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* The first call of a migration in leaves its job to the last, which the client makes when it has returned. */
static int prepared;

void prepare(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    if (qemuMigrationJobStart(driver, vm, QEMU_ASYNC_JOB_MIGRATION_IN) < 0)
        goto cleanup;
    qemuMigrationJobSetPhase(driver, vm, QEMU_MIGRATION_PHASE_PREPARE);
    if (qemuMigrationJobContinue(vm) == 0)
        vm = NULL;
    prepared = 1;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

void finish(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    if (!prepared)
        return;
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    if (!qemuMigrationJobIsActive(vm, QEMU_ASYNC_JOB_MIGRATION_IN))
        goto cleanup;
    qemuMigrationJobStartPhase(driver, vm, QEMU_MIGRATION_PHASE_FINISH2);
    priv = vm->privateData;
    if (virDomainObjIsActive(vm) && qemuDomainObjEnterMonitorAsync(driver, vm, QEMU_ASYNC_JOB_MIGRATION_IN) == 0) {
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitorWithDriver(driver, vm);
    }
    if (qemuMigrationJobFinish(driver, vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* Asks the agent in the guest, which may never answer. */
void ask_agent(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(driver, vm, QEMU_JOB_MODIFY) < 0)
        goto cleanup;
    priv = vm->privateData;
    if (virDomainObjIsActive(vm) && priv->agent) {
        qemuDomainObjEnterAgent(driver, vm);
        qemuAgentCommand(priv->agent);
        qemuDomainObjExitAgent(driver, vm);
    }
    if (qemuDomainObjEndJob(driver, vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
}

/* The agent answers, once who asks is asleep. */
void agent_answers(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuAgentLock(priv->agent);
    priv->agent->unanswered = 0;
    virCondSignal(&priv->agent->notify);
    qemuAgentUnlock(priv->agent);
}

/* QEMU dies, and nobody has defined its guest: the domain is removed when it ends. */
void hangup_transient(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    vm->persistent = 0;
    virDomainObjUnlock(vm);
    eventLoopHangup(vm);
}

/* QEMU dies for certain. */
void hangup(virDomainObjPtr vm)
{
    eventLoopHangup(vm);
}

/* Tells the agent something that it does not answer, with the driver locked before and after. */
void tell_agent(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJobWithDriver(driver, vm, QEMU_JOB_MODIFY) < 0)
        goto cleanup;
    priv = vm->privateData;
    if (virDomainObjIsActive(vm) && priv->agent) {
        qemuDomainObjEnterAgentWithDriver(driver, vm);
        qemuDomainObjExitAgentWithDriver(driver, vm);
    }
    if (qemuDomainObjEndJob(driver, vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* The agent goes, and the guest stays. */
void agent_gone(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuProcessHandleAgentEOF(priv->agent, vm);
}
