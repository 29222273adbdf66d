/* The protocol of the mail of October 2009, as its code has it, error paths included. */
#include "qemu.h"
#include "job.h"
#include "exit-code.h"

/* As BeginJob, for a caller that holds the driver: it is dropped for the wait, and locked again before the domain.
 * On the error path it is not: the caller gets neither the job nor the driver back, and the reference stays. */
int qemuDomainObjBeginJobWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    requires(held(&drv->lock));
    requires(held(&vm->lock));

    virDomainObjRef(vm);
    qemuDriverUnlock(drv);
    while (priv->jobActive) {
        if (virCondWait(&priv->jobCond, &vm->lock) < 0)
            return -1;
    }
    priv->jobActive = 1;
    virDomainObjUnlock(vm);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
    return 0;
}

/* Ends the job and wakes one waiter. The reference of BeginJob goes last, and nobody asks whether it was the last one. */
void qemuDomainObjEndJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    requires(held(&vm->lock));

    priv->jobActive = 0;
    virCondSignal(&priv->jobCond);
    virDomainObjUnref(vm);
}
