#include "era-2018-misuse.c"

/* Nobody has a sync job beside the agent's. */
void begin_for_the_agent_with_a_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY));
    ignore_value(qemuDomainObjBeginAgentJob(qemu_driver, vm, QEMU_AGENT_JOB_MODIFY));
}

void enter_the_agent_with_a_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(qemuDomainObjBeginAgentJob(qemu_driver, vm, QEMU_AGENT_JOB_MODIFY));
    ignore_value(qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY));
    qemuDomainObjEnterAgent(vm);
}
