/* contract: counted.c */

static int returnsEarly(struct qemud_driver *driver, const char *format)
{
    qemuDriverLock(driver);
    if (!format)
        return -1; /* want lock-leak */
    if (work(format) < 0)
        goto error;
    qemuDriverUnlock(driver);
    return 0;

error:
    qemuDriverUnlock(driver);
    return -1;
}

/* Both ways out are left to whoever calls it: a wrapper. */
static virDomainObjPtr findLocked(struct qemud_driver *driver, virDomainPtr dom)
{
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    qemuDriverUnlock(driver);
    return vm;
}

static void usesWrapper(struct qemud_driver *driver, virDomainPtr dom)
{
    virDomainObjPtr vm = findLocked(driver, dom);

    if (!vm)
        return;
    virDomainObjUnlock(vm);
}

static void forgetsWrapper(struct qemud_driver *driver, virDomainPtr dom)
{
    virDomainObjPtr vm = findLocked(driver, dom);

    if (!vm)
        return;
    work(vm);
} /* want lock-leak */

/* A helper that gives back what its caller holds. */
static void givesBack(virDomainObjPtr vm)
{
    virDomainObjUnlock(vm);
}

static void twice(struct qemud_driver *driver, virDomainPtr dom)
{
    virDomainObjPtr vm = findLocked(driver, dom);

    if (!vm)
        return;
    givesBack(vm);
    virDomainObjUnlock(vm); /* want bad-unlock */
}

static void itself(struct qemud_driver *driver, virDomainPtr dom)
{
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = findLocked(driver, dom); /* want self-deadlock */
    qemuDriverUnlock(driver);
    if (vm)
        virDomainObjUnlock(vm);
}

static void unguarded(struct qemud_driver *driver, virDomainPtr dom)
{
    virDomainObjPtr vm = findLocked(driver, dom);

    virDomainObjUnlock(vm); /* want null-vm */
}

static void inALoop(struct qemud_driver *driver, virDomainPtr *doms, int n)
{
    virDomainObjPtr vm;
    int i;

    for (i = 0; i < n; i++) {
        if (!(vm = findLocked(driver, doms[i]))) /* want lock-leak */
            continue;
        if (!allowed(doms[i]))
            continue;
        virDomainObjUnlock(vm);
    }
}

static int reads(struct qemud_driver *driver, virDomainPtr dom)
{
    virDomainObjPtr vm = findLocked(driver, dom);
    int id;

    if (!vm)
        return -1;
    virDomainObjUnlock(vm);
    id = vm->def->id; /* want missing-lock */
    return id;
}
