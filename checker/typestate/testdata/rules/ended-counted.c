/* contract: counted.c */

struct callbacks {
    void (*destroy)(qemuMonitorPtr mon, virDomainObjPtr vm);
};

struct _qemuMonitor {
    virMutex lock;
    int refs;
    struct callbacks *cb;
    virDomainObjPtr vm;
};

static void monitorFree(qemuMonitorPtr mon)
{
    if (mon->cb && mon->cb->destroy)
        (mon->cb->destroy)(mon, mon->vm);
    VIR_FREE(mon);
}

static void handleDestroy(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    show(mon);
    virDomainObjUnref(vm);
}

static struct callbacks callbacks = {
    .destroy = handleDestroy,
};

/* The monitor's end has dropped the monitor's reference. */
void qemuDomainObjExitMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int refs;

    refs = qemuMonitorUnref(priv->mon);
    if (refs > 0)
        qemuMonitorUnlock(priv->mon);
    virDomainObjLock(vm);
    if (refs == 0) {
        virDomainObjUnref(vm); /* warn refcount */
        priv->mon = NULL;
    }
}

/* This one is the job's. */
void qemuDomainObjExitMonitorWithDriver(struct qemud_driver *drv, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int refs;

    refs = qemuMonitorUnref(priv->mon);
    if (refs > 0)
        qemuMonitorUnlock(priv->mon);
    qemuDriverLock(drv);
    virDomainObjLock(vm);
    if (refs == 0)
        priv->mon = NULL;
    if (priv->jobActive == 2)
        virDomainObjUnref(vm);
}
