/* Taking a domain off the list from April 2013 (b7c98329c) to 2018. It is marked first, so that
 * who finds it meanwhile lets it go; it is locked once more, so that whoever waits for it is
 * through; and it comes back unlocked. Only who has another reference may touch it then. */
void virDomainObjListRemove(virDomainObjListPtr doms, virDomainObjPtr dom)
{
    int i;

    check(missing_lock, held(&dom->parent.lock));

    dom->removing = true;
    virObjectRef(dom);
    virObjectUnlock(dom);

    virObjectLock(doms);
    virObjectLock(dom);
    for (i = 0; i < MAX_ADDED; i++) {
        if (doms->objs[i] == dom)
            doms->objs[i] = NULL;
    }
    if (listLookup(dom))
        listRemove(dom);
    virObjectUnlock(dom);
    virObjectUnref(dom);
    virObjectUnlock(doms);
}

/* For who has the list. */
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
