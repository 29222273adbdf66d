#include "era-2013-misuse.c"

void ask_for_a_definition_without_a_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    ignore_value(virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_CURRENT));
}

void stop_without_a_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    qemuProcessStop(qemu_driver, vm, 0, QEMU_ASYNC_JOB_NONE, 0);
}
