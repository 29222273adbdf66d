/* The contract of the Go daemon in driver/, with what the repairs of 2009 to 2011 leave open closed.
 *
 * When a job is refused, the reference that is dropped can have been the last one, so the domain comes back unlocked, and the caller
 * must not touch it again. The driver is locked in order, before and after, whether BeginJobWithDriver succeeds or not.
 * Enter- and ExitMonitorWithDriver are libvirt's of November 2009. */
#include "qemu.h"
#include "exit-code.h"
#include "end-counted.h"

int qemuDomainObjBeginJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    requires(held(&vm->lock));
    requires(!held(&driver->lock));

    virDomainObjRef(vm);
    while (priv->jobActive) {
        if (virCondWait(&priv->jobCond, &vm->lock) < 0) {
            if (virDomainObjUnref(vm) > 0)
                virDomainObjUnlock(vm);
            return -1;
        }
    }
    priv->jobActive = 1;
    return 0;
}

int qemuDomainObjBeginJobWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    requires(held(&drv->lock));
    requires(held(&vm->lock));

    virDomainObjRef(vm);
    qemuDriverUnlock(drv);
    while (priv->jobActive) {
        if (virCondWait(&priv->jobCond, &vm->lock) < 0) {
            virDomainObjUnlock(vm);
            qemuDriverLock(drv);
            virDomainObjLock(vm);
            if (virDomainObjUnref(vm) > 0)
                virDomainObjUnlock(vm);
            return -1;
        }
    }
    priv->jobActive = 1;
    virDomainObjUnlock(vm);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
    return 0;
}

/* Swaps the domain lock for the monitor lock. The caller does not have the driver. */
void qemuDomainObjEnterMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(no_job, held(&priv->jobActive));
    requires(!held(&driver->lock));

    qemuMonitorLock(priv->mon);
    virDomainObjUnlock(vm);
}

/* The same for who has the driver as well, and gives it up. */
void qemuDomainObjEnterMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(no_job, held(&priv->jobActive));
    requires(held(&drv->lock));

    qemuMonitorLock(priv->mon);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(drv);
}

void qemuDomainObjExitMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuMonitorUnlock(priv->mon);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
}
