#include "era-2011-misuse.c"

void enter_in_a_long_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    ignore_value(qemuDomainObjBeginAsyncJob(driver, vm, QEMU_ASYNC_JOB_DUMP));
    qemuDomainObjEnterMonitor(driver, vm);
}

/* A migration goes on without a thread. */
void enter_for_nobodys_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    ignore_value(qemuDomainObjBeginAsyncJob(driver, vm, QEMU_ASYNC_JOB_DUMP));
    qemuMigrationJobContinue(vm);
    virDomainObjUnlock(vm);
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    ignore_value(qemuDomainObjEnterMonitorAsync(driver, vm, QEMU_ASYNC_JOB_DUMP));
}

void go_on_without_a_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuMigrationJobContinue(vm);
}

/* The agent. */

void enter_the_agent_with_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    qemuDomainObjEnterAgent(driver, vm);
}

void enter_the_agent_without_a_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjEnterAgent(driver, vm);
}

void enter_the_agent_without_a_guest(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    vm->active = 0;
    ignore_value(qemuDomainObjBeginJob(driver, vm, QEMU_JOB_MODIFY));
    qemuDomainObjEnterAgent(driver, vm);
}

void leave_the_agent_with_the_domain(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjExitAgent(driver, vm);
}

void leave_the_agent_with_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    qemuDomainObjExitAgent(driver, vm);
}

void command_without_the_agent(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuAgentCommand(priv->agent);
}

void agent_command_with_the_driver(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuDriverLock(driver);
    qemuAgentLock(priv->agent);
    qemuAgentCommand(priv->agent);
}
