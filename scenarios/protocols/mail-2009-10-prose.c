/* The protocol of the mail of October 2009, as its prose has it, where that differs from its code.
 *
 * The differences, all of them:
 *   ExitMonitor                takes the domain before it lets go of the monitor; the code does it the other way round.
 *   BeginJobWithDriver         unlocks the driver before it takes the reference; the code takes the reference first.
 *   BeginJob, error path       the prose has none: a wait that fails is not mentioned. What stands here for it is the
 *   BeginJobWithDriver, same   least that keeps the caller's locks as they were. The code returns -1 in both,
 *                              and in BeginJobWithDriver without the driver lock and without dropping the reference.
 *   the condition waited for   is written `jobActive != 0`; read as "while it is not 0", which is what the code does.
 *   a driver lock held         EnterMonitor: "the caller must take care to drop it if necessary"; the code's comment
 *                              says that it does not matter. Here it is a precondition.
 *   the driver in ExitMonitor  the prose says nothing; the code's comment wants it locked before the call, if at all. */
#include "qemu.h"

int qemuDomainObjBeginJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    requires(held(&vm->lock));
    requires(!held(&driver->lock));

    virDomainObjRef(vm);
    while (priv->jobActive) {
        if (virCondWait(&priv->jobCond, &vm->lock) < 0) {
            virDomainObjUnref(vm);
            return -1;
        }
    }
    priv->jobActive = 1;
    return 0;
}

int qemuDomainObjBeginJobWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int rc = 0;

    requires(held(&drv->lock));
    requires(held(&vm->lock));

    qemuDriverUnlock(drv);
    virDomainObjRef(vm);
    while (rc == 0 && priv->jobActive) {
        if (virCondWait(&priv->jobCond, &vm->lock) < 0)
            rc = -1;
    }
    if (rc == 0)
        priv->jobActive = 1;
    virDomainObjUnlock(vm);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
    if (rc < 0)
        virDomainObjUnref(vm);
    return rc;
}

void qemuDomainObjEndJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    requires(held(&vm->lock));

    priv->jobActive = 0;
    virCondSignal(&priv->jobCond);
    virDomainObjUnref(vm);
}

void qemuDomainObjEnterMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(no_job, held(&priv->jobActive));
    requires(!held(&driver->lock));

    qemuMonitorLock(priv->mon);
    virDomainObjUnlock(vm);
}

void qemuDomainObjExitMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    requires(!held(&vm->lock));

    virDomainObjLock(vm);
    qemuMonitorUnlock(priv->mon);
}
