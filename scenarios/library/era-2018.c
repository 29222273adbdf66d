/* 2018 to 2021: jobs say which operation they are for, the agent has one of its own, and who
 * takes a domain off the list keeps it locked. */
#define BEGIN_START(vm) qemuProcessBeginJob(qemu_driver, vm, 0, 0)
#define BEGIN_ASYNC(vm, job) qemuDomainObjBeginAsyncJob(qemu_driver, vm, job, 0, 0)
#include "era-2016.c"

/* The domain is forgotten, once its guest is gone. */
void undefine(virDomainPtr dom)
{
    virDomainObjPtr vm;

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY) < 0)
        goto cleanup;
    vm->persistent = false;
    if (!virDomainObjIsActive(vm))
        qemuDomainRemoveInactive(qemu_driver, vm);
    qemuDomainObjEndJob(qemu_driver, vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* Asks the agent, with the agent's job. */
void agent(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuAgentPtr agent;

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    if (qemuDomainObjBeginAgentJob(qemu_driver, vm, QEMU_AGENT_JOB_MODIFY) < 0)
        goto cleanup;
    if (qemuDomainAgentAvailable(vm, true)) {
        agent = qemuDomainObjEnterAgent(vm);
        qemuAgentSend(agent);
        qemuDomainObjExitAgent(vm, agent);
    }
    qemuDomainObjEndAgentJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}
