/* The list of domains, which the driver lock protects until February 2013. Where libvirt gives an id, a UUID or a name,
 * here the domain itself stands for it. */

/* The domain, locked, or NULL once it has been removed. The driver lock protects the list. */
virDomainObjPtr virDomainFindByUUID(virDomainObjListPtr doms, virDomainObjPtr vm)
{
    check(missing_lock, held(&driver->lock));
    return listFind(vm);
}

virDomainObjPtr virDomainFindByID(virDomainObjListPtr doms, virDomainObjPtr id)
{
    check(missing_lock, held(&driver->lock));
    return listFind(id);
}

virDomainObjPtr virDomainFindByName(virDomainObjListPtr doms, virDomainObjPtr name)
{
    check(missing_lock, held(&driver->lock));
    return listFind(name);
}

/* Takes the domain off the list. It comes back unlocked and without the list's reference, so it may be gone:
 * the caller must not touch it again. */
void virDomainRemoveInactive(virDomainObjListPtr doms, virDomainObjPtr vm)
{
    check(missing_lock, held(&driver->lock));
    check(missing_lock, held(&vm->lock));
    if (listRemove(vm) > 0)
        virDomainObjUnlock(vm);
}

int virDomainObjIsActive(virDomainObjPtr vm)
{
    return vm->active;
}
