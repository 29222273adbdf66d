/* contract: counted.c */

/* They are called alike, with nothing held: one of them shows that. */
static void handleStop(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    stopped(vm);
    virDomainObjUnlock(vm);
}

static void handleDestroy(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    if (priv->mon == mon)
        priv->mon = NULL;
    virDomainObjUnref(vm); /* want missing-lock */
}

static void handleShutdown(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    if (virDomainObjUnref(vm) > 0)
        virDomainObjUnlock(vm);
}

/* It is called by its name too, where the lock is held. */
static void handleReset(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    ignore_value(virDomainObjUnref(vm));
}

static void resets(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    virDomainObjRef(vm);
    handleReset(NULL, vm);
    virDomainObjUnlock(vm);
}

/* What the domain leads to is changed, and nothing else is done. */
static void handleResume(qemuMonitorPtr mon, int reason, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    priv->reason = reason; /* want missing-lock */
}

static void handleSuspend(qemuMonitorPtr mon, int reason, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virDomainObjLock(vm);
    priv->reason = reason;
    virDomainObjUnlock(vm);
}

static qemuMonitorCallbacks monitorCallbacks = {
    .stop = handleStop,
    .destroy = handleDestroy,
    .shutdown = &handleShutdown,
    .reset = handleReset,
    .resume = handleResume,
    .suspend = handleSuspend,
};
