/* 2016, and its agent, which is asked with a sync job. */
#define FROM_DOMAIN(dom) qemuDomObjFromDomain(dom)
#define BEGIN_START(vm) qemuProcessBeginJob(qemu_driver, vm)
#define BEGIN_ASYNC(vm, job) qemuDomainObjBeginAsyncJob(qemu_driver, vm, job)
#include "era-2016.c"

void agent(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY) < 0)
        goto cleanup;
    if (qemuDomainAgentAvailable(vm, true)) {
        priv = vm->privateData;
        qemuDomainObjEnterAgent(vm);
        qemuAgentSend(priv->agent);
        qemuDomainObjExitAgent(vm);
    }
    qemuDomainObjEndJob(qemu_driver, vm);
cleanup:
    virDomainObjEndAPI(&vm);
}
