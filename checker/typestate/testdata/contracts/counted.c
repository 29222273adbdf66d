/* 2009-12 to 2011-07: EndJob tells how many references are left. */
#include "objects.h"

struct _qemuDomainObjPrivate {
    virCond jobCond;
    int jobActive __attribute__((owner, guarded_by(virDomainObj.lock), class(job)));
    qemuMonitorPtr mon __attribute__((new));
};

struct _virDomainObj {
    virMutex lock __attribute__((class(domain)));
    int refs __attribute__((refcount, guarded_by(lock)));
    bool listed __attribute__((listed));
    int active __attribute__((guarded_by(lock)));
    virDomainDefPtr def __attribute__((guarded_by(lock)));
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};

struct qemud_driver {
    virMutex lock __attribute__((class(driver)));
};

struct qemud_driver *driver __attribute__((new));

void qemuDriverLock(struct qemud_driver *drv)
{
    virMutexLock(&driver->lock);
}

void qemuDriverUnlock(struct qemud_driver *drv)
{
    virMutexUnlock(&driver->lock);
}

void virDomainObjLock(virDomainObjPtr vm)
{
    virMutexLock(&vm->lock);
}

void virDomainObjUnlock(virDomainObjPtr vm)
{
    virMutexUnlock(&vm->lock);
}

virDomainObjPtr virDomainFindByUUID(virDomainObjListPtr doms, virDomainObjPtr vm)
{
    requires(held(&driver->lock));
    return listFind(vm);
}

virDomainObjPtr virDomainFindByID(virDomainObjListPtr doms, virDomainObjPtr vm)
{
    requires(held(&driver->lock));
    return listFind(vm);
}

virDomainObjPtr virDomainFindByName(virDomainObjListPtr doms, virDomainObjPtr vm)
{
    requires(held(&driver->lock));
    return listFind(vm);
}

void virDomainRemoveInactive(virDomainObjListPtr doms, virDomainObjPtr vm)
{
    check(missing_lock, held(&driver->lock));
    check(missing_lock, held(&vm->lock));
    if (listRemove(vm) > 0)
        virDomainObjUnlock(vm);
}

int virDomainObjIsActive(virDomainObjPtr vm)
{
    return vm->active;
}

static void beforeJob(virDomainObjPtr vm, bool driver_locked)
{
    requires(held(&vm->lock));
    check(wrong_variant, held(&driver->lock) == driver_locked);
}

int qemuDomainObjBeginJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    beforeJob(vm, false);
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

    requires(held(&driver->lock));
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

int qemuDomainObjEndJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    requires(held(&vm->lock));
    priv->jobActive = 0;
    virCondSignal(&priv->jobCond);
    return virDomainObjUnref(vm);
}

void qemuDomainObjEnterMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(no_job, held(&priv->jobActive));
    check(stale_liveness, vm->active);
    requires(!held(&driver->lock));
    virMutexLock(&priv->mon->lock);
    virDomainObjUnlock(vm);
}

void qemuDomainObjExitMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(monitor_unbalanced, held(&priv->mon->lock));
    requires(!held(&driver->lock));
    virMutexUnlock(&priv->mon->lock);
    virDomainObjLock(vm);
}

void qemuDomainObjEnterMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(no_job, held(&priv->jobActive));
    check(stale_liveness, vm->active);
    requires(held(&driver->lock));
    virMutexLock(&priv->mon->lock);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(drv);
}

void qemuDomainObjExitMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(monitor_unbalanced, held(&priv->mon->lock));
    requires(!held(&driver->lock));
    virMutexUnlock(&priv->mon->lock);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
}

void qemuDomainObjEnterRemoteWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    requires(held(&driver->lock));
    requires(held(&vm->lock));
    virDomainObjRef(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(drv);
}

void qemuDomainObjExitRemoteWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDriverLock(drv);
    virDomainObjLock(vm);
    virDomainObjUnref(vm);
}
