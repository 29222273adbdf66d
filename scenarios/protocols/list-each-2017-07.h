/* Walking the list from July 2017 to 2020. */

typedef int (*virDomainObjListIterator)(virDomainObjPtr dom, void *opaque);

/* The list is locked for reading while the callback runs, the domain is not. */
int virDomainObjListForEach(virDomainObjListPtr doms, virDomainObjListIterator callback, void *opaque)
{
    int ret = 0;
    int i;

    virObjectRWLockRead(doms);
    for (i = 0; i < MAX_ADDED; i++) {
        if (doms->objs[i] && callback(doms->objs[i], opaque) < 0)
            ret = -1;
    }
    virObjectRWUnlock(doms);
    return ret;
}
