/* contract: counted.c */

static void locksBoth(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm); /* want lock-order */
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

static void reads(struct qemud_driver *driver)
{
    qemuDriverLock(driver);
    qemuDriverUnlock(driver);
}

static void otherWayRound(struct qemud_driver *driver, virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    reads(driver);
    virDomainObjUnlock(vm);
}

/* Enter and Exit take the monitor's lock and the domain's one after the other. */
static void asks(virDomainObjPtr vm)
{
    if (!virDomainObjIsActive(vm))
        return;
    qemuDomainObjEnterMonitor(vm);
    qemuDomainObjExitMonitor(vm);
}
