/* libvirt since April 2011: BeginJobWithDriver's error path lets go of the domain before it locks the driver (30c551ab4). */
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
            virDomainObjUnlock(vm);
            qemuDriverLock(drv);
            virDomainObjLock(vm);
            virDomainObjUnref(vm);
            return -1;
        }
    }
    priv->jobActive = 1;
    virDomainObjUnlock(vm);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
    return 0;
}

/* The other operations of the time. The deadline of the wait and the count of the monitor are in libvirt-2010-07. */
#include "monitor-2009-11.h"
#include "monitor-driver-2009-11.h"
#include "remote-2010-07.h"
#include "answer.h"
#include "stop-2011-02.h"
