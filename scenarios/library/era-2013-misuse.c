/* Who breaks a rule of the helpers of 2013 to 2021, and no other before it. What has other
 * parameters or another name in the course of this time is in capitals. */

#ifndef BEGIN_ASYNC
# define BEGIN_ASYNC(vm, job) qemuDomainObjBeginAsyncJob(qemu_driver, vm, job)
# define BEGIN_FOR_THE_AGENT(vm) qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY)
# define EXIT_AGENT(vm) qemuDomainObjExitAgent(vm)
# define EXIT_REMOTE(vm) qemuDomainObjExitRemote(vm)
# define LOCK_LIST() virObjectLock(qemu_driver->domains)
#endif

static qemuMonitor monitor;
static qemuAgent guest_agent;

void remove_without_the_list(virDomainObjPtr vm)
{
    virObjectLock(vm);
    virDomainObjListRemoveLocked(qemu_driver->domains, vm);
}

void remove_without_the_domain(virDomainObjPtr vm)
{
    LOCK_LIST();
    virDomainObjListRemoveLocked(qemu_driver->domains, vm);
}

void begin_twice(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY));
    ignore_value(qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY));
}

void begin_a_long_job_twice(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(BEGIN_ASYNC(vm, QEMU_ASYNC_JOB_DUMP));
    ignore_value(BEGIN_ASYNC(vm, QEMU_ASYNC_JOB_SAVE));
}

void change_in_a_long_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(BEGIN_ASYNC(vm, QEMU_ASYNC_JOB_DUMP));
    ignore_value(qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY));
}

void end_without_a_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    qemuDomainObjEndJob(qemu_driver, vm);
}

void end_without_a_long_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
}

void nest_in_nobodys_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(BEGIN_ASYNC(vm, QEMU_ASYNC_JOB_DUMP));
    qemuDomainObjReleaseAsyncJob(vm);
    ignore_value(qemuDomainObjBeginNestedJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP));
}

void release_without_a_long_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    qemuDomainObjReleaseAsyncJob(vm);
}

void have_a_long_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(BEGIN_ASYNC(vm, QEMU_ASYNC_JOB_DUMP));
    virObjectUnlock(vm);
    virObjectLock(vm);
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
    virObjectUnlock(vm);
}

void discard_anothers_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    qemuDomainObjDiscardAsyncJob(qemu_driver, vm);
    virObjectUnlock(vm);
}

void enter_in_a_long_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(BEGIN_ASYNC(vm, QEMU_ASYNC_JOB_DUMP));
    qemuDomainObjEnterMonitor(qemu_driver, vm);
}

void enter_without_a_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    qemuDomainObjEnterMonitor(qemu_driver, vm);
}

void enter_without_a_guest(virDomainObjPtr vm)
{
    virObjectLock(vm);
    vm->def->id = -1;
    ignore_value(qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY));
    qemuDomainObjEnterMonitor(qemu_driver, vm);
}

void leave_with_the_domain(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY));
    qemuDomainObjEnterMonitor(qemu_driver, vm);
    virObjectLock(vm);
    qemuDomainObjExitMonitor(qemu_driver, vm);
}

void enter_the_agent_without_a_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    qemuDomainObjEnterAgent(vm);
}

void enter_an_agent_that_is_gone(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virObjectLock(vm);
    ignore_value(BEGIN_FOR_THE_AGENT(vm));
    priv->agentError = true;
    qemuDomainObjEnterAgent(vm);
}

void leave_the_agent_with_the_domain(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(BEGIN_FOR_THE_AGENT(vm));
    qemuDomainObjEnterAgent(vm);
    virObjectLock(vm);
    EXIT_AGENT(vm);
}

void come_back_with_the_domain(virDomainObjPtr vm)
{
    virObjectLock(vm);
    EXIT_REMOTE(vm);
}
