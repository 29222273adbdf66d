/* The plain pair is not for who holds the driver. */
static int plain(virDomainPtr dom)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    int ret = -1;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0) /* want lock-order */
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        qemuDomainObjEnterMonitor(vm); /* want wrong-variant */
        ret = ask(vm);
        qemuDomainObjExitMonitor(vm);
    }
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;
cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
    return ret;
}

/* The definition is the domain's, and so is its lock. */
static int readsInside(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret;

    qemuDomainObjEnterMonitorWithDriver(driver, vm);
    ret = setBalloon(priv->mon, vm->def->balloon); /* want def-in-monitor */
    qemuDomainObjExitMonitorWithDriver(driver, vm);
    return ret;
}

static void looksWithoutDriver(virConnectPtr conn, virDomainPtr dom)
{
    struct qemud_driver *driver = conn->privateData;
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    qemuDriverUnlock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid); /* want missing-lock */
    if (vm)
        virDomainObjUnlock(vm);
}
