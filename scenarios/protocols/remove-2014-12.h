/* The domain goes off the list, with a job (b629c64e5). It comes back unlocked, and the job is
 * ended without the lock: libvirt repaired that in 2015 (7578cc17f, c43c661fe). */
void qemuDomainRemoveInactive(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    bool haveJob = true;

    check(missing_lock, held(&vm->parent.lock));

    if (qemuDomainObjBeginJob(driver, vm, QEMU_JOB_MODIFY) < 0)
        haveJob = false;
    virDomainObjListRemove(driver->domains, vm);
    if (haveJob)
        qemuDomainObjEndJob(driver, vm);
}
