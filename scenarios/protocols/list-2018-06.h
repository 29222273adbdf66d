/* The list of domains since 2018. Several may look at a time. Whoever looks a domain up, or adds
 * one, gets it locked and with a reference of his own; whoever takes it off the list keeps both.
 * Where libvirt gives an id, a UUID or a name, here the domain itself stands for it. */

virDomainObjPtr virDomainObjListFindByUUIDLocked(virDomainObjListPtr doms, const unsigned char *uuid)
{
    virDomainObjPtr obj = listLookup((virDomainObjPtr) uuid);

    check(missing_lock, held(&doms->parent.lock));

    if (obj) {
        virObjectRef(obj);
        virObjectLock(obj);
    }
    return obj;
}

virDomainObjPtr virDomainObjListFindByUUID(virDomainObjListPtr doms, const unsigned char *uuid)
{
    virDomainObjPtr obj;

    virObjectRWLockRead(doms);
    obj = virDomainObjListFindByUUIDLocked(doms, uuid);
    virObjectRWUnlock(doms);

    if (obj && obj->removing)
        virDomainObjEndAPI(&obj);
    return obj;
}

virDomainObjPtr virDomainObjListFindByName(virDomainObjListPtr doms, const char *name)
{
    return virDomainObjListFindByUUID(doms, (const unsigned char *) name);
}

/* A look through the whole list, which locks each domain for a moment. */
virDomainObjPtr virDomainObjListFindByID(virDomainObjListPtr doms, int id)
{
    virDomainObjPtr obj = NULL;
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

/* A new domain, or another configuration for one that is there already: then the configuration
 * is the domain's. NULL where it cannot be, and def is the caller's still. */
virDomainObjPtr virDomainObjListAdd(virDomainObjListPtr doms, virDomainDefPtr def, virDomainXMLOptionPtr xmlopt,
                                    unsigned int flags, virDomainDefPtr *oldDef)
{
    virDomainObjPtr vm = NULL;
    virDomainDefPtr old;
    int i;

    if (oldDef)
        *oldDef = NULL;

    virObjectRWLockWrite(doms);
    if (def->uuid)
        vm = virDomainObjListFindByUUIDLocked(doms, def->uuid);
    if (vm) {
        if (vm->removing ||
            (flags & VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE) && (virDomainObjIsActive(vm) || !vm->persistent)) {
            virDomainObjEndAPI(&vm);
            virObjectRWUnlock(doms);
            return NULL;
        }
        if (virDomainObjIsActive(vm)) {
            old = vm->newDef;
            vm->newDef = def;
        } else {
            old = vm->def;
            vm->def = def;
        }
        if (oldDef)
            *oldDef = old;
        else
            g_free(old);
    } else {
        vm = g_new0(virDomainObj, 1); /* with the list's reference */
        virObjectLock(vm);
        g_free(vm->def);
        vm->def = def;
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
}

/* For who has the list already. */
void virDomainObjListRemoveLocked(virDomainObjListPtr doms, virDomainObjPtr dom)
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

/* The domain is unlocked while the list is waited for, and comes back locked. From the first
 * moment on nobody finds it. */
void virDomainObjListRemove(virDomainObjListPtr doms, virDomainObjPtr dom)
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
