/* 2018, when a shutdown asks the agent with both jobs. */
#define FROM_DOMAIN(dom) qemuDomObjFromDomain(dom)
#include "era-2018.c"

void shutdown(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuAgentPtr agent;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    if (qemuDomainObjBeginJobWithAgent(qemu_driver, vm, QEMU_JOB_MODIFY, QEMU_AGENT_JOB_MODIFY) < 0)
        goto cleanup;
    if (qemuDomainAgentAvailable(vm, true)) {
        agent = qemuDomainObjEnterAgent(vm);
        qemuAgentSend(agent);
        qemuDomainObjExitAgent(vm, agent);
    }
    qemuDomainObjEndJobWithAgent(qemu_driver, vm);
cleanup:
    virDomainObjEndAPI(&vm);
}
