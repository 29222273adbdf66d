/* The list of domains of December 2014. FindByUUIDRef gives a reference, and so lets go of the
 * list before it waits for the domain; the others give none. Where libvirt gives an id, a UUID
 * or a name, here the domain itself stands for it. */

/* Locked, and the list is, while the domain is waited for. */
virDomainObjPtr virDomainObjListFindByUUID(virDomainObjListPtr doms, const unsigned char *uuid)
{
    virDomainObjPtr obj;

    virObjectLock(doms);
    obj = listLookup((virDomainObjPtr) uuid);
    if (obj) {
        virObjectLock(obj);
        if (obj->removing) {
            virObjectUnlock(obj);
            obj = NULL;
        }
    }
    virObjectUnlock(doms);
    return obj;
}

/* Locked, and with a reference of the caller's own. Of a domain that is being removed the
 * reference goes first, and it may be the last one. */
virDomainObjPtr virDomainObjListFindByUUIDRef(virDomainObjListPtr doms, const unsigned char *uuid)
{
    virDomainObjPtr obj;

    virObjectLock(doms);
    obj = listLookup((virDomainObjPtr) uuid);
    virObjectRef(obj);
    virObjectUnlock(doms);
    if (obj) {
        virObjectLock(obj);
        if (obj->removing) {
            virObjectUnref(obj);
            virObjectUnlock(obj);
            obj = NULL;
        }
    }
    return obj;
}

virDomainObjPtr virDomainObjListFindByName(virDomainObjListPtr doms, const char *name)
{
    return virDomainObjListFindByUUID(doms, (const unsigned char *) name);
}

virDomainObjPtr qemuDomObjFromDomain(virDomainPtr domain)
{
    virQEMUDriverPtr driver = domain->conn->privateData;

    return virDomainObjListFindByUUIDRef(driver->domains, (const unsigned char *) domain->uuid);
}
