/* For who has the list already. */
void qemuDomainRemoveInactiveLocked(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    check(missing_lock, held(&vm->parent.lock));

    if (vm->persistent)
        return;
    virDomainObjListRemoveLocked(driver->domains, vm);
}

void qemuDomainRemoveInactiveJobLocked(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    bool haveJob = qemuDomainObjBeginJob(driver, vm, QEMU_JOB_MODIFY) >= 0;

    qemuDomainRemoveInactiveLocked(driver, vm);
    if (haveJob)
        qemuDomainObjEndJob(driver, vm);
}
