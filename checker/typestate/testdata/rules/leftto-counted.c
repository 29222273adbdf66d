/* contract: counted.c */

/* Its callers leave the lock to it, so the early return is wrong. */
static int saves(virDomainObjPtr vm, int n)
{
    int ret = -1;

    if (ready(n) < 0)
        return -1; /* want lock-leak */
    if (open(n) < 0)
        goto cleanup;
    ret = 0;

cleanup:
    virDomainObjUnlock(vm);
    return ret;
}

static int save(virDomainPtr dom, int n)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    int ret = -1;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (vm) {
        ret = saves(vm, n);
        vm = NULL;
    }
    qemuDriverUnlock(driver);
    return ret;
}

/* Here they do not. */
static int dumps(virDomainObjPtr vm, int n)
{
    int ret = -1;

    if (ready(n) < 0)
        return -1;
    if (open(n) < 0)
        goto cleanup;
    ret = 0;

cleanup:
    virDomainObjUnlock(vm); /* want bad-unlock */
    return ret;
}

static int dump(virDomainPtr dom, int n)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    int ret = -1;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (vm) {
        ret = dumps(vm, n);
        if (ret < 0)
            virDomainObjUnlock(vm);
    }
    qemuDriverUnlock(driver);
    return ret;
}

/* One leaves it, and the other one was lent it. */
static int confirms(virDomainObjPtr vm, int n)
{
    int ret = -1;

    if (ready(n) < 0)
        return -1;
    if (open(n) < 0)
        goto cleanup;
    ret = 0;

cleanup:
    virDomainObjUnlock(vm); /* want bad-unlock */
    return ret;
}

static int confirm(virDomainPtr dom, int n)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    int ret = -1;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (vm)
        ret = confirms(vm, n);
    qemuDriverUnlock(driver);
    return ret;
}

static int migrates(virDomainObjPtr vm, int n)
{
    return confirms(vm, n);
}
