/* 2018 to 2021, when the agent has a job of its own, and the list is for many readers. */
#define BEGIN_ASYNC(vm, job) qemuDomainObjBeginAsyncJob(qemu_driver, vm, job, 0, 0)
#define BEGIN_FOR_THE_AGENT(vm) qemuDomainObjBeginAgentJob(qemu_driver, vm, QEMU_AGENT_JOB_MODIFY)
#define EXIT_AGENT(vm) qemuDomainObjExitAgent(vm, ((qemuDomainObjPrivatePtr) vm->privateData)->agent)
#define EXIT_REMOTE(vm) qemuDomainObjExitRemote(vm, false)
#define LOCK_LIST() virObjectRWLockWrite(qemu_driver->domains)
#include "era-2016-misuse.c"

void find_without_the_list(virDomainObjPtr vm)
{
    const void *uuid = vm;

    ignore_value(virDomainObjListFindByUUIDLocked(qemu_driver->domains, uuid));
}

void begin_for_the_agent_twice(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(BEGIN_FOR_THE_AGENT(vm));
    ignore_value(BEGIN_FOR_THE_AGENT(vm));
}

void end_without_an_agent_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    qemuDomainObjEndAgentJob(vm);
}

void remove_without_a_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    qemuDomainRemoveInactive(qemu_driver, vm);
}
