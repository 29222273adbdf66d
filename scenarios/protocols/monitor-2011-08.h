/* Entering and leaving the monitor since August 2011 (193cd0f3c): who works on an async job says so, and gets a nested job. */

/* 0, or -1 where nothing is entered and no nested job is left. */
static int qemuDomainObjEnterMonitorInternal(struct qemud_driver *driver, bool driver_locked, virDomainObjPtr vm,
                                             enum qemuDomainAsyncJob asyncJob)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(wrong_variant, held(&driver->lock) == driver_locked);

    if (asyncJob != QEMU_ASYNC_JOB_NONE) {
        if (asyncJob != priv->job.asyncJob)
            return -1;
        check(async_nesting, held(&priv->job.asyncOwner));
        if (qemuDomainObjBeginJobInternal(driver, driver_locked, vm, QEMU_JOB_ASYNC_NESTED, QEMU_ASYNC_JOB_NONE) < 0)
            return -1;
        if (!virDomainObjIsActive(vm)) {
            qemuDomainObjEndJob(driver, vm); /* the async job has a reference left */
            return -1;
        }
    } else {
        check(async_nesting, !held(&priv->job.asyncOwner));
    }

    check(no_job, held(&priv->job.active));
    check(stale_liveness, virDomainObjIsActive(vm));

    qemuMonitorLock(priv->mon);
    qemuMonitorRef(priv->mon);
    virDomainObjUnlock(vm);
    if (driver_locked)
        qemuDriverUnlock(driver);
    return 0;
}

/* The monitor goes first, then driver and domain are locked in order, and a nested job ends, which stays counted
 * (until bf657dffb of January 2016). Whether the guest lives on has to be looked at again. */
static void qemuDomainObjExitMonitorInternal(struct qemud_driver *driver, bool driver_locked, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int refs;

    check(self_deadlock, !held(&vm->lock));
    check(wrong_variant, !held(&driver->lock));
    check(monitor_unbalanced, held(&priv->mon->lock));

    refs = qemuMonitorUnref(priv->mon);
    if (refs > 0)
        qemuMonitorUnlock(priv->mon);
    if (driver_locked)
        qemuDriverLock(driver);
    virDomainObjLock(vm);
    if (refs == 0)
        priv->mon = NULL;

    if (priv->job.active == QEMU_JOB_ASYNC_NESTED) {
        priv->job.active = QEMU_JOB_NONE;
        virCondSignal(&priv->job.cond);
        virDomainObjUnref(vm); /* the async job has another one */
    }
}

/* For who has a sync job. */
void qemuDomainObjEnterMonitor(struct qemud_driver *driver, virDomainObjPtr vm)
{
    ignore_value(qemuDomainObjEnterMonitorInternal(driver, false, vm, QEMU_ASYNC_JOB_NONE));
}

void qemuDomainObjExitMonitor(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjExitMonitorInternal(driver, false, vm);
}

void qemuDomainObjEnterMonitorWithDriver(struct qemud_driver *driver, virDomainObjPtr vm)
{
    ignore_value(qemuDomainObjEnterMonitorInternal(driver, true, vm, QEMU_ASYNC_JOB_NONE));
}

/* For who has the async job of that kind, or a sync job where it is none; with the driver locked. ExitMonitorWithDriver ends the nested
 * job. */
int qemuDomainObjEnterMonitorAsync(struct qemud_driver *driver, virDomainObjPtr vm, enum qemuDomainAsyncJob asyncJob)
{
    return qemuDomainObjEnterMonitorInternal(driver, true, vm, asyncJob);
}

void qemuDomainObjExitMonitorWithDriver(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjExitMonitorInternal(driver, true, vm);
}
