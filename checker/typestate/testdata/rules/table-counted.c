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

static qemuMonitorCallbacks monitorCallbacks = {
    .stop = handleStop,
    .destroy = handleDestroy,
    .shutdown = &handleShutdown,
    .reset = handleReset,
};
