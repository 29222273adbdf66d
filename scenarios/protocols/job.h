/* What the mail's code and its first repairs have in common: BeginJob, and entering the monitor. */

/* Waits until the domain has no job and takes it. The reference keeps the domain alive while its lock is dropped. */
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

/* Swaps the domain lock for the monitor lock. Only the owner of the job may: that is what keeps monitor users apart. */
void qemuDomainObjEnterMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(no_job, held(&priv->jobActive));

    qemuMonitorLock(priv->mon);
    virDomainObjUnlock(vm);
}
