/* While another daemon is asked, which may take for ever, the domain is unlocked. */

void qemuDomainObjEnterRemote(virDomainObjPtr obj)
{
    check(missing_lock, held(&obj->parent.lock));

    virObjectUnlock(obj);
}

/* The domain is locked, and -1 says that the guest is gone, where that was asked (5f9982191). */
int qemuDomainObjExitRemote(virDomainObjPtr obj, bool checkActive)
{
    check(self_deadlock, !held(&obj->parent.lock));

    virObjectLock(obj);
    if (checkActive && !virDomainObjIsActive(obj))
        return -1;
    return 0;
}
