/* The list of domains from April 2015 to 2018: FindByName gives a reference as well, and a
 * reference goes after the lock. */

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
            virObjectUnlock(obj);
            virObjectUnref(obj);
            obj = NULL;
        }
    }
    return obj;
}

virDomainObjPtr virDomainObjListFindByName(virDomainObjListPtr doms, const char *name)
{
    return virDomainObjListFindByUUIDRef(doms, (const unsigned char *) name);
}

virDomainObjPtr qemuDomObjFromDomain(virDomainPtr domain)
{
    virQEMUDriverPtr driver = domain->conn->privateData;

    return virDomainObjListFindByUUIDRef(driver->domains, (const unsigned char *) domain->uuid);
}
