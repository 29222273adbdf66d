/* The domain goes off the list, comes back unlocked, and may be gone. */
void qemuDomainRemoveInactive(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    check(missing_lock, held(&vm->parent.lock));

    virDomainObjListRemove(driver->domains, vm);
}
