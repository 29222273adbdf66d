/* EndJob since December 2009 (8e7d14953): it returns the references that are left, and 0 means that the domain is gone. */
int qemuDomainObjEndJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    requires(held(&vm->lock));

    priv->jobActive = 0;
    virCondSignal(&priv->jobCond);
    return virDomainObjUnref(vm);
}
