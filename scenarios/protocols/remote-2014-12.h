/* While another daemon is asked, which may take for ever, the domain is unlocked. The call's
 * reference keeps it. */

void qemuDomainObjEnterRemote(virDomainObjPtr obj)
{
    check(missing_lock, held(&obj->parent.lock));

    virObjectUnlock(obj);
}

void qemuDomainObjExitRemote(virDomainObjPtr obj)
{
    check(self_deadlock, !held(&obj->parent.lock));

    virObjectLock(obj);
}
