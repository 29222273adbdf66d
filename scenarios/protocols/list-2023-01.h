/* The list of domains of libvirt 9.0.0. Who looks a domain up gets it locked and with a
 * reference of his own, and lets go of the list before he waits for the domain. Where libvirt
 * gives an id, a UUID or a name, here the domain itself stands for it. */

virDomainObj *virDomainObjListFindByUUIDLocked(virDomainObjList *doms, const unsigned char *uuid)
{
    virDomainObj *obj = listLookup((virDomainObj *) uuid);

    check(missing_lock, held(&doms->parent.lock));

    if (obj) {
        virObjectRef(obj);
        virObjectLock(obj);
    }
    return obj;
}

virDomainObj *virDomainObjListFindByUUID(virDomainObjList *doms, const unsigned char *uuid)
{
    virDomainObj *obj;

    virObjectRWLockRead(doms);
    obj = virDomainObjListFindByUUIDLocked(doms, uuid);
    virObjectRWUnlock(doms);

    if (obj && obj->removing)
        virDomainObjEndAPI(&obj);
    return obj;
}

virDomainObj *virDomainObjListFindByName(virDomainObjList *doms, const char *name)
{
    return virDomainObjListFindByUUID(doms, (const unsigned char *) name);
}

/* A look through the whole list, which locks each domain for a moment. */
virDomainObj *virDomainObjListFindByID(virDomainObjList *doms, int id)
{
    virDomainObj *obj = NULL;
    int i;

    virObjectRWLockRead(doms);
    for (i = 0; i < MAX_ADDED && !obj; i++) {
        if (!doms->objs[i])
            continue;
        virObjectLock(doms->objs[i]);
        if (virDomainObjIsActive(doms->objs[i]) && doms->objs[i]->def->id == id)
            obj = doms->objs[i];
        virObjectUnlock(doms->objs[i]);
    }
    virObjectRef(obj);
    virObjectRWUnlock(doms);
    if (obj) {
        virObjectLock(obj);
        if (obj->removing)
            virDomainObjEndAPI(&obj);
    }
    return obj;
}

#define VIR_DOMAIN_OBJ_LIST_ADD_LIVE (1 << 0)
#define VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE (1 << 1)

/* A new domain, or another configuration for one that is there already. It comes back locked and
 * with a reference of the caller's own, and the configuration is the domain's: *def is NULL. Or
 * NULL comes back, and *def is the caller's still. */
virDomainObj *virDomainObjListAdd(virDomainObjList *doms, virDomainDef **def, virDomainXMLOption *xmlopt,
                                  unsigned int flags, virDomainDef **oldDef)
{
    virDomainObj *vm = NULL;
    virDomainDef *old;
    int i;

    if (oldDef)
        *oldDef = NULL;

    virObjectRWLockWrite(doms);
    if ((*def)->uuid)
        vm = virDomainObjListFindByUUIDLocked(doms, (*def)->uuid);
    if (vm) {
        if (vm->removing)
            goto error;
        if ((flags & VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE) && (virDomainObjIsActive(vm) || !vm->persistent))
            goto error;
        if (virDomainObjIsActive(vm)) {
            old = vm->newDef;
            vm->newDef = g_steal_pointer(def);
        } else {
            old = vm->def;
            vm->def = g_steal_pointer(def);
        }
        if (oldDef)
            *oldDef = old;
        else
            g_free(old);
    } else {
        vm = g_new0(virDomainObj, 1); /* with the list's reference */
        virObjectLock(vm);
        g_free(vm->def);
        vm->def = g_steal_pointer(def);
        virObjectRef(vm);
#ifdef LOCKPROOF_LINT
        doms->objs[0] = vm; /* a list is never full */
#else
        for (i = 0; i < MAX_ADDED; i++) {
            if (!doms->objs[i]) {
                doms->objs[i] = vm;
                break;
            }
        }
#endif
    }
    virObjectRWUnlock(doms);
    return vm;

error:
    virDomainObjEndAPI(&vm);
    virObjectRWUnlock(doms);
    return NULL;
}

/* For who has the list already. */
void virDomainObjListRemoveLocked(virDomainObjList *doms, virDomainObj *dom)
{
    int i;

    check(missing_lock, held(&doms->parent.lock));
    check(missing_lock, held(&dom->parent.lock));

    for (i = 0; i < MAX_ADDED; i++) {
        if (doms->objs[i] == dom)
            doms->objs[i] = NULL;
    }
    if (listLookup(dom))
        listRemove(dom);
}

/* The domain is unlocked while the list is waited for, and comes back locked; the caller's
 * reference keeps it. From the first moment on nobody finds it or begins a job. */
void virDomainObjListRemove(virDomainObjList *doms, virDomainObj *dom)
{
    check(missing_lock, held(&dom->parent.lock));

    dom->removing = true;
    virObjectRef(dom);
    virObjectUnlock(dom);
    virObjectRWLockWrite(doms);
    virObjectLock(dom);
    virDomainObjListRemoveLocked(doms, dom);
    virObjectUnref(dom);
    virObjectRWUnlock(doms);
}

typedef int (*virDomainObjListIterator)(virDomainObj *dom, void *opaque);

/* The list is locked while the callback runs, the domain is not. Only who says so may change the
 * list. */
int virDomainObjListForEach(virDomainObjList *doms, bool modify, virDomainObjListIterator callback, void *opaque)
{
    int ret = 0;
    int i;

    if (modify)
        virObjectRWLockWrite(doms);
    else
        virObjectRWLockRead(doms);
    for (i = 0; i < MAX_ADDED; i++) {
        if (doms->objs[i] && callback(doms->objs[i], opaque) < 0)
            ret = -1;
    }
    virObjectRWUnlock(doms);
    return ret;
}

virDomainObj *qemuDomainObjFromDomain(virDomainPtr domain)
{
    virQEMUDriver *driver = domain->conn->privateData;

    return virDomainObjListFindByUUID(driver->domains, (const unsigned char *) domain->uuid);
}

virDomainObj *qemuDomObjFromSnapshot(virDomainSnapshotPtr snapshot)
{
    return qemuDomainObjFromDomain(snapshot->domain);
}

virDomainObj *qemuDomObjFromCheckpoint(virDomainCheckpointPtr checkpoint)
{
    return qemuDomainObjFromDomain(checkpoint->domain);
}
