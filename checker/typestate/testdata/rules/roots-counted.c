/* contract: counted.c */

struct _virDomainObj {
    virMutex lock;
    int refs;
    virDomainDefPtr def;
};

/* All that call it have the driver locked, so it takes the wrong variant. */
static int asksPlain(virDomainObjPtr vm)
{
    int rc;

    qemuDomainObjEnterMonitor(vm); /* want wrong-variant */
    rc = ask(vm);
    qemuDomainObjExitMonitor(vm);
    return rc;
}

/* Of its callers some have the driver and some do not: that of those who have it is the mistake. */
static int asksForAll(virDomainObjPtr vm)
{
    int rc;

    qemuDomainObjEnterMonitor(vm);
    rc = ask(vm);
    qemuDomainObjExitMonitor(vm);
    return rc;
}

/* What is active was not when it began: a guest is started. */
static int starts(struct qemud_driver *driver, virDomainObjPtr vm)
{
    if (virDomainObjIsActive(vm))
        return -1;
    vm->def->id = next(driver);
    if (asksPlain(vm) < 0)
        return -1;
    return 0;
}

static int create(virDomainPtr dom, bool twice)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    int ret = -1;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0)
        goto cleanup;
    ret = starts(driver, vm);
    if (twice && ret == 0 && virDomainObjIsActive(vm))
        ret = asksForAll(vm); /* want wrong-variant */
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;
cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
    return ret;
}

static int asks(virDomainPtr dom)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    int ret = -1;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    qemuDriverUnlock(driver);
    if (!vm)
        return -1;
    if (qemuDomainObjBeginJob(vm) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm))
        ret = asksForAll(vm);
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;
cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    return ret;
}
