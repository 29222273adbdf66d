#include "era-2011-08-misuse.c"

void kill_without_the_driver(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    ignore_value(qemuProcessKill(driver, vm, 0));
}

void remove_the_guest_without_the_driver(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainRemoveInactive(driver, vm);
}
