/* April 2011, when other daemons are asked, and a transient domain goes with its guest. */
#define STOP(vm) qemuProcessStop(driver, vm, 0)
#define END_OF_FILE(mon, vm) qemuProcessHandleMonitorEOF(mon, vm, 0)
#include "era-2009-helpers.c"
#include "era-jobs-counted.c"

/* The event loop has a reference. */
void end_of_a_transient_domain(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    virDomainObjPtr other = locked(vm);

    other->persistent = false;
    virDomainObjRef(other);
    virDomainObjUnlock(other);
    qemuProcessHandleMonitorEOF(priv->mon, vm, 0);
    qemuDriverLock(driver);
    other = virDomainFindByUUID(&driver->domains, vm);
    assert(!other);
    qemuDriverUnlock(driver);
    virDomainObjLock(vm);
    virDomainObjUnref(vm);
}

/* Another daemon, which asks for driver and domain before it answers. */
static virMutex peer;
static virCond peer_has_answered;
static bool peer_answered;

void ask_another_daemon(virDomainObjPtr vm)
{
    vm = locked_with_driver(vm);
    qemuDomainObjEnterRemoteWithDriver(driver, vm);
    virMutexLock(&peer);
    while (!peer_answered)
        virCondWait(&peer_has_answered, &peer);
    virMutexUnlock(&peer);
    qemuDomainObjExitRemoteWithDriver(driver, vm);
    touch(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

void another_daemon(virDomainObjPtr vm)
{
    vm = locked(vm);
    touch(vm);
    virDomainObjUnlock(vm);
    virMutexLock(&peer);
    peer_answered = true;
    virCondSignal(&peer_has_answered);
    virMutexUnlock(&peer);
}
