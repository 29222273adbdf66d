/* Who breaks a rule of the helpers of libvirt 9.0.0, and no other before it. */

static qemuMonitor monitor;
static qemuAgent guest_agent;

void remove_without_the_list(virDomainObj *vm)
{
    virObjectLock(vm);
    virDomainObjListRemoveLocked(qemu_driver->domains, vm);
}

void remove_without_the_domain(virDomainObj *vm)
{
    virObjectRWLockWrite(qemu_driver->domains);
    virDomainObjListRemoveLocked(qemu_driver->domains, vm);
}

void begin_twice(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginJob(vm, VIR_JOB_QUERY));
    ignore_value(virDomainObjBeginJob(vm, VIR_JOB_QUERY));
}

void begin_a_long_job_twice(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0));
    ignore_value(virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_SAVE, 0, 0));
}

void change_in_a_long_job(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0));
    ignore_value(virDomainObjBeginJob(vm, VIR_JOB_MODIFY));
}

void end_without_a_job(virDomainObj *vm)
{
    virObjectLock(vm);
    virDomainObjEndJob(vm);
}

void end_without_a_long_job(virDomainObj *vm)
{
    virObjectLock(vm);
    virDomainObjEndAsyncJob(vm);
}

void nest_in_nobodys_job(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0));
    qemuDomainObjReleaseAsyncJob(vm);
    ignore_value(virDomainObjBeginNestedJob(vm, VIR_ASYNC_JOB_DUMP));
}

void release_without_a_long_job(virDomainObj *vm)
{
    virObjectLock(vm);
    qemuDomainObjReleaseAsyncJob(vm);
}

void have_a_long_job(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0));
    virObjectUnlock(vm);
    virObjectLock(vm);
    virDomainObjEndAsyncJob(vm);
    virObjectUnlock(vm);
}

void discard_anothers_job(virDomainObj *vm)
{
    virObjectLock(vm);
    qemuDomainObjDiscardAsyncJob(vm);
    virObjectUnlock(vm);
}

void enter_in_a_long_job(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0));
    qemuDomainObjEnterMonitor(vm);
}

void enter_without_a_job(virDomainObj *vm)
{
    virObjectLock(vm);
    qemuDomainObjEnterMonitor(vm);
}

void enter_without_a_guest(virDomainObj *vm)
{
    virObjectLock(vm);
    vm->def->id = -1;
    ignore_value(virDomainObjBeginJob(vm, VIR_JOB_QUERY));
    qemuDomainObjEnterMonitor(vm);
}

void leave_with_the_domain(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginJob(vm, VIR_JOB_QUERY));
    qemuDomainObjEnterMonitor(vm);
    virObjectLock(vm);
    qemuDomainObjExitMonitor(vm);
}

void enter_the_agent_without_a_job(virDomainObj *vm)
{
    virObjectLock(vm);
    qemuDomainObjEnterAgent(vm);
}

void enter_an_agent_that_is_gone(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    virObjectLock(vm);
    ignore_value(virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_MODIFY));
    priv->agentError = true;
    qemuDomainObjEnterAgent(vm);
}

void enter_the_agent_with_a_job(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_MODIFY));
    ignore_value(virDomainObjBeginJob(vm, VIR_JOB_MODIFY));
    qemuDomainObjEnterAgent(vm);
}

void leave_the_agent_with_the_domain(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    virObjectLock(vm);
    ignore_value(virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_MODIFY));
    qemuDomainObjEnterAgent(vm);
    virObjectLock(vm);
    qemuDomainObjExitAgent(vm, priv->agent);
}

void come_back_with_the_domain(virDomainObj *vm)
{
    virObjectLock(vm);
    qemuDomainObjExitRemote(vm, false);
}

void ask_for_the_next_start_without_a_job(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjGetPersistentDef(NULL, vm, NULL));
}

void set_the_phase_of_nobodys_job(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_MIGRATION_OUT, 0, 0));
    qemuDomainObjReleaseAsyncJob(vm);
    qemuDomainObjSetJobPhase(vm, 1);
}

void restore_in_a_long_job(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_MIGRATION_OUT, 0, 0));
    qemuDomainObjRestoreAsyncJob(vm, VIR_ASYNC_JOB_MIGRATION_IN, 1, 0, 0, 0, 0, VIR_JOB_NONE);
}

void ask_for_a_definition_without_a_job(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_CURRENT));
}

void stop_without_a_job(virDomainObj *vm)
{
    virObjectLock(vm);
    qemuProcessStop(qemu_driver, vm, 0, VIR_ASYNC_JOB_NONE, 0);
}

void find_without_the_list(virDomainObj *vm)
{
    const void *uuid = vm;

    ignore_value(virDomainObjListFindByUUIDLocked(qemu_driver->domains, uuid));
}

void begin_for_the_agent_twice(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_MODIFY));
    ignore_value(virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_MODIFY));
}

void end_without_an_agent_job(virDomainObj *vm)
{
    virObjectLock(vm);
    virDomainObjEndAgentJob(vm);
}

void remove_without_a_job(virDomainObj *vm)
{
    virObjectLock(vm);
    qemuDomainRemoveInactive(qemu_driver, vm, 0, false);
}

/* Nobody has a sync job beside the agent's. */
void begin_for_the_agent_with_a_job(virDomainObj *vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjBeginJob(vm, VIR_JOB_MODIFY));
    ignore_value(virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_MODIFY));
}
