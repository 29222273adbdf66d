/* contract: jobs.c */

/* It is called for each domain of a list that is locked meanwhile, and wants to lock it. */
static int removes(virDomainObj *vm, void *opaque)
{
    struct driver *driver = opaque;

    virObjectRef(vm);
    virObjectLock(vm);
    virDomainObjListRemove(driver->domains, vm); /* want self-deadlock */
    virDomainObjEndAPI(&vm);
    return 0;
}

static int removesFromLocked(virDomainObj *vm, void *opaque)
{
    struct driver *driver = opaque;

    virObjectRef(vm);
    virObjectLock(vm);
    virDomainObjListRemoveLocked(driver->domains, vm);
    virDomainObjEndAPI(&vm);
    return 0;
}

static void each(struct driver *driver)
{
    virDomainObjListForEach(driver->domains, removes, driver);
    virDomainObjListForEach(driver->domains, removesFromLocked, driver);
}

/* Nobody has a job who calls it by its address. */
static int beginsTooLate(virDomainObj *vm, void *opaque)
{
    virObjectRef(vm);
    virObjectLock(vm);
    inJob(vm); /* warn no-job */
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) == 0)
        virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
    return 0;
}

static void eachInJob(struct driver *driver)
{
    virDomainObjListForEach(driver->domains, beginsTooLate, driver);
}

/* Code of the monitor runs without the lock of the domain. */
struct _qemuMonitor {
    virDomainObj *vm;
};

static int monitorReads(qemuMonitor *mon)
{
    virObjectUnlock(mon);
    virObjectLock(mon);
    return mon->vm->def->id; /* want def-in-monitor */
}

static int monitorIsGiven(qemuMonitor *mon, virDomainObj *vm)
{
    virObjectUnlock(mon);
    virObjectLock(mon);
    return mon->vm == vm && vm->def->id;
}
