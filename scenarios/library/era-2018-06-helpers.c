/* 2018, when whoever goes through the list only looks. */
#define FROM_DOMAIN(dom) qemuDomObjFromDomain(dom)
#define FOR_EACH(doms, callback) virDomainObjListForEach(doms, callback, NULL)
#include "era-2018-helpers.c"

/* A shutdown has both jobs, and gives both back. */
void both_jobs(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    struct qemuDomainJobObj *job = &priv->job;
    int ret = qemuDomainObjBeginJobWithAgent(qemu_driver, vm, QEMU_JOB_MODIFY, QEMU_AGENT_JOB_MODIFY);

    assert(ret == 0 && job->active == QEMU_JOB_MODIFY && job->agentActive == QEMU_AGENT_JOB_MODIFY);
    virObjectUnlock(vm);
    virObjectLock(vm);
    qemuDomainObjEndJobWithAgent(qemu_driver, vm);
    assert(!job->active && !job->agentActive);
    virDomainObjEndAPI(&vm);
}
