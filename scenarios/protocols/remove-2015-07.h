/* The domain goes off the list, unless it is persistent, with a job. The caller's lock and
 * reference stay (c43c661fe), though the domain is unlocked on the way. */
void qemuDomainRemoveInactive(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    bool haveJob = true;

    check(missing_lock, held(&vm->parent.lock));

    if (vm->persistent)
        return;
    if (qemuDomainObjBeginJob(driver, vm, QEMU_JOB_MODIFY) < 0)
        haveJob = false;
    virObjectRef(vm);
    virDomainObjListRemove(driver->domains, vm);
    virObjectLock(vm);
    if (haveJob)
        qemuDomainObjEndJob(driver, vm);
    virObjectUnref(vm);
}
