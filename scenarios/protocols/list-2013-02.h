/* The list of domains of February 2013, which has a lock of its own. Nobody who looks a domain
 * up gets a reference, so the list stays locked until the domain is. Where libvirt gives an id,
 * a UUID or a name, here the domain itself stands for it. */

virDomainObjPtr virDomainObjListFindByUUID(const virDomainObjListPtr doms, const unsigned char *uuid)
{
    virDomainObjPtr obj;

    virObjectLock(doms);
    obj = listLookup((virDomainObjPtr) uuid);
    if (obj)
        virObjectLock(obj);
    virObjectUnlock(doms);
    return obj;
}

virDomainObjPtr virDomainObjListFindByName(const virDomainObjListPtr doms, const char *name)
{
    return virDomainObjListFindByUUID(doms, (const unsigned char *) name);
}

/* A look through the whole list, which locks each domain for a moment. */
virDomainObjPtr virDomainObjListFindByID(const virDomainObjListPtr doms, int id)
{
    virDomainObjPtr obj = NULL;
    int i;

    virObjectLock(doms);
    for (i = 0; i < MAX_ADDED && !obj; i++) {
        if (!doms->objs[i])
            continue;
        virObjectLock(doms->objs[i]);
        if (virDomainObjIsActive(doms->objs[i]) && doms->objs[i]->def->id == id)
            obj = doms->objs[i];
        virObjectUnlock(doms->objs[i]);
    }
    if (obj)
        virObjectLock(obj);
    virObjectUnlock(doms);
    return obj;
}

/* For who has the list. The domain is unlocked, and may be gone. */
void virDomainObjListRemoveLocked(virDomainObjListPtr doms, virDomainObjPtr dom)
{
    int i;

    check(missing_lock, held(&doms->parent.lock));
    check(missing_lock, held(&dom->parent.lock));

    virObjectUnlock(dom);
    for (i = 0; i < MAX_ADDED; i++) {
        if (doms->objs[i] == dom)
            doms->objs[i] = NULL;
    }
    if (listLookup(dom))
        listRemove(dom);
}

/* The domain comes back unlocked, and may be gone: whoever waits for its lock meanwhile gets it. */
void virDomainObjListRemove(virDomainObjListPtr doms, virDomainObjPtr dom)
{
    int i;

    check(missing_lock, held(&dom->parent.lock));

    virObjectUnlock(dom);
    virObjectLock(doms);
    for (i = 0; i < MAX_ADDED; i++) {
        if (doms->objs[i] == dom)
            doms->objs[i] = NULL;
    }
    if (listLookup(dom))
        listRemove(dom);
    virObjectUnlock(doms);
}

virDomainObjPtr qemuDomObjFromDomain(virDomainPtr domain)
{
    virQEMUDriverPtr driver = domain->conn->privateData;

    return virDomainObjListFindByUUID(driver->domains, (const unsigned char *) domain->uuid);
}
