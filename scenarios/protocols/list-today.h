/* The list of the Go daemon's domains, which the driver lock protects. */

/* The domain, locked, or NULL once it has been removed. The driver lock protects the list. */
virDomainObjPtr virDomainFindByUUID(virDomainObjListPtr doms, virDomainObjPtr vm)
{
    requires(held(&driver->lock));
    return listFind(vm);
}

/* Takes the domain off the list. It comes back unlocked and without the list's reference, so it may be gone:
 * the caller must not touch it again. Who comes too late only unlocks it. */
void virDomainRemoveInactive(virDomainObjListPtr doms, virDomainObjPtr vm)
{
    requires(held(&driver->lock));
    check(missing_lock, held(&vm->lock));
    if (!vm->listed || listRemove(vm) > 0)
        virDomainObjUnlock(vm);
}

int virDomainObjIsActive(virDomainObjPtr vm)
{
    return vm->active;
}
