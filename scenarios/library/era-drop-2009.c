/* Somebody keeps a reference for later, and drops it without the lock. */
void drop(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (vm) {
        virDomainObjRef(vm);
        virDomainObjUnlock(vm);
    }
    qemuDriverUnlock(driver);
    if (vm)
        virDomainObjUnref(vm);
}
