/* contract: counted.c */

/* The job of an earlier call is given up, and another one is begun. */
static void *finishes(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    if (priv->jobActive != 7)
        return NULL;
    priv->jobActive = 0;
    if (qemuDomainObjBeginJob(vm) < 0)
        return NULL;
    if (!virDomainObjIsActive(vm))
        return NULL; /* want job-leak */
    ignore_value(qemuDomainObjEndJob(vm));
    return NULL;
}

/* A monitor on its own is locked; it is entered by way of its domain. */
static void watches(qemuMonitorPtr mon)
{
    virMutexLock(&mon->lock);
    if (busy())
        return; /* want lock-leak */
    virMutexUnlock(&mon->lock);
}

static void plainWithDriver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    if (qemuDomainObjBeginJob(vm) == 0) /* want wrong-variant */
        ignore_value(qemuDomainObjEndJob(vm));
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* How many references are left is never less than none. */
static void asksForLess(virDomainObjPtr vm)
{
    virDomainObjRef(vm);
    if (send(vm) < 0) {
        if (virDomainObjUnref(vm) < 0) /* want use-after-release */
            vm = NULL;
    }
    if (vm)
        virDomainObjUnlock(vm);
}

static void asksForNone(virDomainObjPtr vm)
{
    virDomainObjRef(vm);
    if (send(vm) < 0) {
        if (virDomainObjUnref(vm) == 0)
            vm = NULL;
    }
    if (vm)
        virDomainObjUnlock(vm);
}
