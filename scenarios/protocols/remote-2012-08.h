/* Talking to another libvirtd, during a migration (f0c8e1cb3): that may take for ever, so nothing is held. The reference keeps the domain. */

void qemuDomainObjEnterRemoteWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    check(wrong_variant, held(&drv->lock));
    check(missing_lock, held(&vm->lock));

    virObjectRef(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(drv);
}

void qemuDomainObjExitRemoteWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    check(wrong_variant, !held(&drv->lock));
    check(self_deadlock, !held(&vm->lock));

    qemuDriverLock(drv);
    virDomainObjLock(vm);
    virObjectUnref(vm);
}
