/* EndJob says what is left, since December 2009: where nothing is, the domain has gone with its
 * last job. */
void gone_with_the_job(virDomainObjPtr vm)
{
    virDomainObjPtr other = locked_with_driver(vm);
    int ret = qemuDomainObjBeginJobWithDriver(driver, other);
    int left;

    assert(ret == 0);
    left = qemuDomainObjEndJob(other);
    assert(left > 0);
    ret = qemuDomainObjBeginJobWithDriver(driver, other);
    assert(ret == 0);
    virDomainRemoveInactive(&driver->domains, other);
    virDomainObjLock(vm);
    left = qemuDomainObjEndJob(vm);
    assert(left == 0);
    qemuDriverUnlock(driver);
}
