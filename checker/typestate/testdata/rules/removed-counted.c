/* contract: counted.c */

/* Its callers hold the driver. Of a domain that is not persistent nothing is left. */
static int saves(struct qemud_driver *driver, virDomainObjPtr vm, int n)
{
    if (write(vm, n) < 0)
        return -1;
    if (n > 2) {
        virDomainRemoveInactive(&driver->domains, vm);
        vm = NULL;
    }
    return 0;
}

/* The callee's pointer was cleared, and not this one. */
static int unlocksWhatIsGone(virDomainPtr dom, int n)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    int ret = -1;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (!vm)
        goto cleanup;
    ret = saves(driver, vm, n);

cleanup:
    if (vm)
        virDomainObjUnlock(vm); /* want use-after-release */
    qemuDriverUnlock(driver);
    return ret;
}

/* A reference of its own keeps it. */
static int keepsIt(virDomainPtr dom, int n)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (!vm) {
        qemuDriverUnlock(driver);
        return -1;
    }
    virDomainObjRef(vm);
    virDomainRemoveInactive(&driver->domains, vm);
    virDomainObjLock(vm);
    if (virDomainObjUnref(vm) > 0)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
    return 0;
}

static void forgets(struct qemud_driver *driver, virDomainObjPtr vm)
{
    virDomainRemoveInactive(&driver->domains, vm);
}

static void doesNotTouchIt(virDomainPtr dom)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (vm)
        forgets(driver, vm);
    qemuDriverUnlock(driver);
}

/* The driver's list is not the only place where this one is. */
static void keepsItElsewhere(virDomainPtr dom, struct table *table)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (vm) {
        virDomainObjRef(vm);
        table->first = vm;
        forgets(driver, vm);
        virDomainObjLock(vm);
        show(vm);
        virDomainObjUnlock(vm);
    }
    qemuDriverUnlock(driver);
}
