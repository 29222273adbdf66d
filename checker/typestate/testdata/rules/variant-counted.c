/* contract: counted.c */

struct _virDomainObj {
    virMutex lock;
    int refs;
    virDomainDefPtr def;
};

/* Where the driver is locked it is unlocked in the end, so the job is begun by the wrong variant. */
static int beginsPlain(struct qemud_driver *drv, bool driver_locked, virDomainObjPtr vm)
{
    if (qemuDomainObjBeginJob(vm) < 0) /* want wrong-variant */
        return -1;
    virDomainObjUnlock(vm);
    if (driver_locked)
        qemuDriverUnlock(drv);
    return 0;
}

static int beginsAndUnlocks(virDomainObjPtr vm)
{
    if (qemuDomainObjBeginJob(vm) < 0) /* want wrong-variant */
        return -1;
    virMutexUnlock(&driver->lock);
    return 0;
}

static int beginsEither(struct qemud_driver *drv, bool driver_locked, virDomainObjPtr vm)
{
    if (driver_locked) {
        if (qemuDomainObjBeginJobWithDriver(drv, vm) < 0)
            return -1;
    } else {
        if (qemuDomainObjBeginJob(vm) < 0)
            return -1;
    }
    virDomainObjUnlock(vm);
    if (driver_locked)
        qemuDriverUnlock(drv);
    return 0;
}

/* The driver was locked here, after the job was begun. */
static int locksInBetween(struct qemud_driver *drv, virDomainObjPtr vm)
{
    if (qemuDomainObjBeginJob(vm) < 0)
        return -1;
    virDomainObjUnlock(vm);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
    qemuDriverUnlock(drv);
    return 0;
}

/* It is unlocked twice, which has nothing to do with the job. */
static int unlocksTwice(struct qemud_driver *drv, virDomainObjPtr vm)
{
    if (qemuDomainObjBeginJob(vm) < 0)
        return -1;
    virDomainObjUnlock(vm);
    qemuDriverLock(drv);
    qemuDriverUnlock(drv);
    qemuDriverUnlock(drv); /* want bad-unlock */
    return 0;
}
