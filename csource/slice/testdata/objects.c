/* Objects that are made, counted, found by a text, and handed over. */
typedef enum { ACTION_NONE = 4, ACTION_DUMP } eventAction;

/* The text is that of the only domain that the helper is given. */
virDomainObjPtr findByUUID(driverPtr drv, const unsigned char *uuid)
{
    char uuidstr[37];
    virDomainObjPtr vm;

    virMutexLock(&drv->lock);
    format(uuid, uuidstr);
    if ((vm = virHashLookup(drv->objs, uuidstr)))
        virMutexLock(&vm->lock);
    virMutexUnlock(&drv->lock);
    return vm;
}

void removeFrom(driverPtr drv, virDomainObjPtr vm)
{
    char uuidstr[37];

    format(vm->def->uuid, uuidstr);
    virMutexLock(&drv->lock);
    if (virHashLookup(drv->objs, uuidstr))
        virObjectUnref(vm);
    virMutexUnlock(&drv->lock);
}

/* There is one driver, and so one pointer to it. */
static virDomainObjPtr find(virDomainPtr dom, driverPtr *drv)
{
    driverPtr driver = dom->conn->privateData;
    virDomainObjPtr vm = findByUUID(driver, dom->uuid);

    *drv = NULL;
    if (vm)
        *drv = driver;
    return vm;
}

/* As many disks as the protocol has. */
void wake(virDomainPtr dom)
{
    driverPtr drv;
    virDomainObjPtr vm = find(dom, &drv);
    size_t i;
    int j;

    if (!vm)
        return;
    for (i = 0; i < vm->def->ndisks; i++) {
        virDomainDiskDefPtr disk = vm->def->disks[i];
        if (disk->status == -1)
            virCondSignal(&disk->done);
    }
    for (j = 0; j < vm->def->ndisks; ++j) {
        if (skip(j))
            j++;
        vm->def->disks[0]->status = 0;
    }
    removeFrom(drv, vm);
    virMutexUnlock(&vm->lock);
}

/* An object is made and given on, with an enumerator of the tree. */
int queue(virDomainPtr dom, bool dump)
{
    virDomainObjPtr vm = find(dom, NULL);
    struct event *e = NULL;
    struct other *o;
    eventAction action = ACTION_NONE;

    if (!vm)
        return -1;
    if (dump)
        action = ACTION_DUMP;
    if (VIR_ALLOC(o) < 0 || VIR_ALLOC(e) < 0)
        goto cleanup;
    e->vm = virObjectRef(vm);
    e->action = action;
    if (send(e) < 0)
        VIR_FREE(e);
cleanup:
    virMutexUnlock(&vm->lock);
    return 0;
}

/* A monitor has a lock of its own: it is that of the domain, and no other name of one. */
void closed(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    virMutexLock(&vm->lock);
    virMutexLock(&mon->lock);
    virMutexUnlock(&mon->lock);
    virMutexUnlock(&vm->lock);
}

/* What a helper calls has the parameters that it gives. The text is that of the name. */
enum mode { MODE_ONE = 1, MODE_ALL };

static int tell(enum mode mode)
{
    virMutexLock(&driver->lock);
    virMutexUnlock(&driver->lock);
    return mode == MODE_ALL ? 0 : -1;
}

static void oneDomain(void *payload, const void *name, void *data)
{
    virDomainObjPtr vm = payload;
    char uuidstr[37];

    copy(name, uuidstr);
    if (virHashLookup(driver->objs, uuidstr) == vm)
        virCondSignal(&vm->def->disks[0]->done);
    tell(data);
}

static int tooFew(void *payload)
{
    virMutexUnlock(payload);
}

void all(virConnectPtr conn)
{
    forEach(driver->objs, oneDomain, conn);
    forEach(driver->objs, &oneDomain, conn);
}

void allOfFew(virConnectPtr conn)
{
    forEach(driver->objs, tooFew, conn);
}

void allOfNobodyKnows(virConnectPtr conn)
{
    forEach(driver->objs, conn->each, conn);
}

/* A pointer of the protocol is called with what it is given, and one that is not known is not. */
void handle(virDomainPtr dom)
{
    driverPtr drv;
    virDomainObjPtr vm = find(dom, &drv);

    if (!vm)
        return;
    if (drv->handlers[0].set)
        drv->handlers[0].run(vm, dom->id);
    drv->handlers[last(dom)].run(vm, 0);
    virMutexUnlock(&vm->lock);
}
