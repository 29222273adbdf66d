/* The domain goes off the list, unless it is persistent. The caller has a job, and his lock and
 * reference stay, though the domain is unlocked on the way. */
void qemuDomainRemoveInactive(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->parent.lock));
    check(no_job, held(&priv->job.active) || held(&priv->job.asyncOwner));

    if (vm->persistent)
        return;
    virDomainObjListRemove(driver->domains, vm);
}

/* For who has none. Where none is to be had the domain goes all the same. */
void qemuDomainRemoveInactiveJob(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    bool haveJob;

    check(missing_lock, held(&vm->parent.lock));

    haveJob = qemuDomainObjBeginJob(driver, vm, QEMU_JOB_MODIFY) >= 0;
    if (!vm->persistent)
        virDomainObjListRemove(driver->domains, vm);
    if (haveJob)
        qemuDomainObjEndJob(driver, vm);
}
