#include "era-2009-misuse.c"

/* Another daemon is asked with nothing locked. */
void ask_another_daemon_with_nothing_but_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    qemuDomainObjEnterRemoteWithDriver(driver, vm);
}

void come_back_with_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    qemuDomainObjExitRemoteWithDriver(driver, vm);
}

void come_back_with_the_domain(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjExitRemoteWithDriver(driver, vm);
}
