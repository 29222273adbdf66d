/* The contract of the Go daemon in driver/, with what the repairs of 2009 to 2011 leave open closed.
 *
 * When a job is refused, the reference that is dropped can have been the last one, so the domain comes back unlocked, and the caller
 * must not touch it again. The driver is locked in order, before and after, whether BeginJobWithDriver succeeds or not. */
#include "names.h"
#include "object-monitor-2009-11.h"
#include "object-private-today.h"
#include "object-domain-2009-10.h"
#include "driver.h"
#include "locks.h"
#include "list-today.h"
#include "commands.h"
#include "end-counted.h"
#include "monitor-today.h"

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
