#include "era-2018-misuse.c"

/* Both jobs are begun together, and end together. */
void end_both_without_a_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(qemuDomainObjBeginAgentJob(qemu_driver, vm, QEMU_AGENT_JOB_MODIFY));
    qemuDomainObjEndJobWithAgent(qemu_driver, vm);
}

void end_both_without_an_agent_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY));
    qemuDomainObjEndJobWithAgent(qemu_driver, vm);
}
