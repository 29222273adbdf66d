/* The other ways to find a domain, for as long as the driver has a lock. */
void look_up(virDomainObjPtr vm)
{
    virDomainObjPtr found;

    qemuDriverLock(driver);
    found = virDomainFindByID(&driver->domains, vm);
    if (found) {
        touch(found);
        virDomainObjUnlock(found);
    }
    found = virDomainFindByName(&driver->domains, vm);
    if (found)
        virDomainObjUnlock(found);
    qemuDriverUnlock(driver);
}
