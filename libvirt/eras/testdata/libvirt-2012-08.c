/* Who holds the driver begins a job with the helper for that. */
static int waitsWithDriver(virDomainPtr dom)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJob(driver, vm, QEMU_JOB_MODIFY) < 0) /* want wrong-variant */
        goto cleanup;
    if (qemuDomainObjEndJob(driver, vm) == 0)
        vm = NULL;
cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
    return 0;
}
