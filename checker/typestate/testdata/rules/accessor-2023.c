/* contract: jobs.c */

static qemuMonitor *monitorOf(virDomainObj *vm)
{
    return ((qemuDomainObjPrivate *) vm->privateData)->mon;
}

static int needsMonitor(qemuMonitor *mon)
{
    virObjectUnlock(mon);
    virObjectLock(mon);
    return 0;
}

static int asks(virDomainObj *vm, virDomainAsyncJob asyncJob)
{
    int rc;

    if (qemuDomainObjEnterMonitorAsync(vm, asyncJob) < 0)
        return -1;
    rc = needsMonitor(monitorOf(vm));
    qemuDomainObjExitMonitor(vm);
    return rc;
}

/* Handed on, locked, to whoever gets the data. */
static void handsOn(void *opaque)
{
    virDomainObj *vm = opaque;
    struct data *data = g_new0(struct data, 1);

    virObjectLock(vm);
    data->vm = vm;
    start(data);
}

static void registers(virDomainObj *vm)
{
    addCallback(handsOn, vm);
}
