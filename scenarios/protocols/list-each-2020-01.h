/* Walking the list since 2020. */

typedef int (*virDomainObjListIterator)(virDomainObjPtr dom, void *opaque);

/* The list is locked while the callback runs, the domain is not. Only who says so may change the
 * list. */
int virDomainObjListForEach(virDomainObjListPtr doms, bool modify, virDomainObjListIterator callback, void *opaque)
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
