/* contract: counted.c */

/* The ladder of labels, as everybody writes it. */
static int ladder(virDomainPtr dom)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    int ret = -1;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    qemuDriverUnlock(driver);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJob(vm) < 0)
        goto cleanup;
    if (!virDomainObjIsActive(vm))
        goto endjob;
    qemuDomainObjEnterMonitor(vm);
    ret = ask(vm);
    qemuDomainObjExitMonitor(vm);
endjob:
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;
cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    return ret;
}

static int wrongLabel(virDomainPtr dom)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    int ret = -1;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    qemuDriverUnlock(driver);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJob(vm) < 0)
        goto cleanup;
    if (!virDomainObjIsActive(vm))
        goto cleanup;
    ret = 0;
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;
cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    return ret; /* want job-leak */
}

static int endsTwice(virDomainPtr dom)
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
        goto endjob;
    ret = 0;
endjob:
    if (qemuDomainObjEndJob(vm) == 0) /* want job-unbalanced */
        vm = NULL;
    if (vm)
        virDomainObjUnlock(vm);
    return ret;
}

/* The result of the end is ignored, and the domain may be gone. */
static void afterTheEnd(virDomainPtr dom)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(vm) == 0)
        ignore_value(qemuDomainObjEndJob(vm));
    virDomainObjUnlock(vm); /* want use-after-release */
}

/* A flag remembers the job. */
static int remembers(virDomainPtr dom, bool live)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    bool haveJob = false;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    qemuDriverUnlock(driver);
    if (!vm)
        return -1;
    if (live && qemuDomainObjBeginJob(vm) == 0)
        haveJob = true;
    if (haveJob && qemuDomainObjEndJob(vm) == 0)
        vm = NULL;
    if (vm)
        virDomainObjUnlock(vm);
    return 0;
}

/* The flag is set before the job is there. */
static int remembersTooEarly(virDomainPtr dom, bool live)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    bool haveJob = true;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    qemuDriverUnlock(driver);
    if (!vm)
        return -1;
    if (!live)
        goto endjob;
    if (qemuDomainObjBeginJob(vm) < 0)
        haveJob = false;
endjob:
    if (haveJob && qemuDomainObjEndJob(vm) == 0) /* want job-unbalanced */
        vm = NULL;
    if (vm)
        virDomainObjUnlock(vm);
    return 0;
}

/* The same condition twice. */
static int sameCondition(virDomainPtr dom, unsigned int flags)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (!vm) {
        qemuDriverUnlock(driver);
        return -1;
    }
    if ((flags & VIR_DOMAIN_LIVE) && qemuDomainObjBeginJobWithDriver(driver, vm) < 0)
        goto cleanup;
    if ((flags & VIR_DOMAIN_LIVE) && qemuDomainObjEndJob(vm) == 0)
        vm = NULL;
cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
    return 0;
}

static int withoutJob(virDomainPtr dom)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    qemuDriverUnlock(driver);
    if (!vm)
        return -1;
    if (virDomainObjIsActive(vm)) {
        qemuDomainObjEnterMonitor(vm); /* want no-job */
        qemuDomainObjExitMonitor(vm);
    }
    virDomainObjUnlock(vm);
    return 0;
}

static int trustsOldAnswer(virDomainPtr dom)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    int ret = -1;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    qemuDriverUnlock(driver);
    if (!vm)
        goto cleanup;
    if (!virDomainObjIsActive(vm))
        goto cleanup;
    if (qemuDomainObjBeginJob(vm) < 0)
        goto cleanup;
    qemuDomainObjEnterMonitor(vm); /* want stale-liveness */
    ret = ask(vm);
    qemuDomainObjExitMonitor(vm);
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;
cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    return ret;
}

static int plainWithDriver(virDomainPtr dom)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    if (!vm)
        goto cleanup;
    if (qemuDomainObjBeginJobWithDriver(driver, vm) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        qemuDomainObjEnterMonitor(vm); /* want wrong-variant */
        qemuDomainObjExitMonitor(vm);
    }
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;
cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
    return 0;
}

static int staysInside(virDomainPtr dom)
{
    struct qemud_driver *driver = dom->conn->privateData;
    virDomainObjPtr vm;
    int n;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, dom->uuid);
    qemuDriverUnlock(driver);
    if (!vm)
        return -1;
    if (qemuDomainObjBeginJob(vm) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        qemuDomainObjEnterMonitor(vm);
        n = ask(vm->def->id); /* want def-in-monitor */
        qemuDomainObjExitMonitor(vm);
    }
    if (qemuDomainObjEndJob(vm) == 0)
        vm = NULL;
cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    return n;
}
