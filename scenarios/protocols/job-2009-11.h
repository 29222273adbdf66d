/* Jobs of November 2009 (f9c56cce7): one at a time, waited for without a deadline. */

/* Waits until the domain has no job and takes it. The reference keeps the domain alive while its lock is dropped. */
int qemuDomainObjBeginJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(wrong_variant, !held(&driver->lock));

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

/* As BeginJob, for a caller that holds the driver. When the wait fails the reference is dropped, but the driver is not locked again. */
int qemuDomainObjBeginJobWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(wrong_variant, held(&drv->lock));
    check(missing_lock, held(&vm->lock));

    virDomainObjRef(vm);
    qemuDriverUnlock(drv);
    while (priv->jobActive) {
        if (virCondWait(&priv->jobCond, &vm->lock) < 0) {
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

/* Ends the job and wakes one waiter. The reference of BeginJob goes last, and nobody asks whether it was the last one. */
void qemuDomainObjEndJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(job_unbalanced, held(&priv->jobActive));

    priv->jobActive = 0;
    virCondSignal(&priv->jobCond);
    virDomainObjUnref(vm);
}
