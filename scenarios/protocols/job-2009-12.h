/* Jobs from December 2009 to June 2011: who waits gives up after 30 seconds (9b6efcfef), and EndJob says what is left (8e7d14953). The
 * repair of BeginJobWithDriver's error path is that of December 2009 (7a18fbeeb), in the wrong order. */

/* How long somebody waits, however often it wakes up meanwhile. */
#define QEMU_JOB_WAIT_TIME (1000ull * 30)

/* Waits until the domain has no job and takes it. The reference keeps the domain alive while its lock is dropped. */
int qemuDomainObjBeginJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(wrong_variant, !held(&driver->lock));
    check(self_deadlock, !held(&priv->jobActive));

    virDomainObjRef(vm);
    while (priv->jobActive) {
        if (virCondWaitUntil(&priv->jobCond, &vm->lock, QEMU_JOB_WAIT_TIME) < 0) {
            virDomainObjUnref(vm);
            return -1;
        }
    }
    priv->jobActive = 1;
    return 0;
}

/* As BeginJob, for a caller that holds the driver, and has it again afterwards, whatever comes of it. */
int qemuDomainObjBeginJobWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(wrong_variant, held(&drv->lock));
    check(missing_lock, held(&vm->lock));
    check(self_deadlock, !held(&priv->jobActive));

    virDomainObjRef(vm);
    qemuDriverUnlock(drv);
    while (priv->jobActive) {
        if (virCondWaitUntil(&priv->jobCond, &vm->lock, QEMU_JOB_WAIT_TIME) < 0) {
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

/* How many references are left: where none is, the domain is gone, and its lock with it. */
int qemuDomainObjEndJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(job_unbalanced, held(&priv->jobActive));

    priv->jobActive = 0;
    virCondSignal(&priv->jobCond);
    return virDomainObjUnref(vm);
}
