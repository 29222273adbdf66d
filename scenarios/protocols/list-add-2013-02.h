/* Adding to the list, and walking it, from February 2013 to July 2017, when several may read it. */

#define VIR_DOMAIN_OBJ_LIST_ADD_LIVE (1 << 0)
#define VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE (1 << 1)

/* A new domain, or another configuration for one that is there already. It comes back locked,
 * and the configuration is the domain's. The caller has no reference. NULL where it cannot be,
 * and def is the caller's still. */
virDomainObjPtr virDomainObjListAdd(virDomainObjListPtr doms, virDomainDefPtr def, virDomainXMLOptionPtr xmlopt,
                                    unsigned int flags, virDomainDefPtr *oldDef)
{
    virDomainObjPtr vm = NULL;
    virDomainDefPtr old;
    int i;

    if (oldDef)
        *oldDef = NULL;

    virObjectLock(doms);
    if (def->uuid)
        vm = listLookup((virDomainObjPtr) def->uuid);
    if (vm) {
        virObjectLock(vm);
        if ((flags & VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE) && (virDomainObjIsActive(vm) || !vm->persistent)) {
            virObjectUnlock(vm);
            virObjectUnlock(doms);
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
    virObjectUnlock(doms);
    return vm;
}

typedef int (*virDomainObjListIterator)(virDomainObjPtr dom, void *opaque);

/* The list is locked while the callback runs, the domain is not. */
int virDomainObjListForEach(virDomainObjListPtr doms, virDomainObjListIterator callback, void *opaque)
{
    int ret = 0;
    int i;

    virObjectLock(doms);
    for (i = 0; i < MAX_ADDED; i++) {
        if (doms->objs[i] && callback(doms->objs[i], opaque) < 0)
            ret = -1;
    }
    virObjectUnlock(doms);
    return ret;
}
