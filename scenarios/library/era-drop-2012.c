/* Somebody keeps a reference for later, and drops it without the lock. */
void drop(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (vm) {
        virObjectRef(vm);
        virDomainObjUnlock(vm);
    }
    qemuDriverUnlock(driver);
    if (vm)
        virObjectUnref(vm);
}

/* Looks a domain up and forgets the driver. */
void forget_the_driver(virDomainObjPtr vm)
{
    if ((vm = virDomainFindByUUID(&driver->domains, vm)))
        virDomainObjUnlock(vm);
}
