/* BeginJob as the mail's code and its first repairs have it, without a time-out. */

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
