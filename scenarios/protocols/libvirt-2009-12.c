/* libvirt of December 2009: BeginJobWithDriver's error path gives the driver back (7a18fbeeb), in the wrong order. */
#include "qemu-2009-11.h"
#include "job-begin.h"
#include "end-counted.h"

int qemuDomainObjBeginJobWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    requires(held(&drv->lock));
    requires(held(&vm->lock));

    virDomainObjRef(vm);
    qemuDriverUnlock(drv);
    while (priv->jobActive) {
        if (virCondWait(&priv->jobCond, &vm->lock) < 0) {
            virDomainObjUnref(vm);
            /* The domain is locked here, and the order is driver before domain. */
            qemuDriverLock(drv);
            return -1;
        }
    }
    priv->jobActive = 1;
    virDomainObjUnlock(vm);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
    return 0;
}

/* The other operations of the time. The deadline of the wait and the count of the monitor, of the same weeks, are in libvirt-2010-07. */
#include "monitor-2009-11.h"
#include "monitor-driver-2009-11.h"
#include "answer.h"
#include "stop-2009-11.h"
