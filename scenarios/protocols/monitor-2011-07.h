/* Entering and leaving the monitor in July 2011. Who has an async job gets the nested job without asking, if no sync job is under way:
 * whose sync job that is nobody looks. In the first two weeks it was waited for with the driver locked (until d9fcd17ec). */

/* 0, or -1 where nothing is entered. Of a guest that is gone the nested job is kept, and its reference. */
static int qemuDomainObjEnterMonitorInternal(struct qemud_driver *driver, bool driver_locked, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(wrong_variant, held(&driver->lock) == driver_locked);

    /* Who has a sync job looks at it, and finds it there: for him nothing can fail. */
    if (!held(&priv->job.active) && priv->job.active == QEMU_JOB_NONE && priv->job.asyncJob) {
        if (qemuDomainObjBeginJobInternal(driver, driver_locked, vm, QEMU_JOB_ASYNC_NESTED, QEMU_ASYNC_JOB_NONE) < 0)
            return -1;
        if (!virDomainObjIsActive(vm))
            return -1;
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

/* The monitor goes first, then driver and domain are locked in order, and a nested job ends. Whether the guest lives on has to be
 * looked at again. */
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

int qemuDomainObjEnterMonitor(struct qemud_driver *driver, virDomainObjPtr vm)
{
    return qemuDomainObjEnterMonitorInternal(driver, false, vm);
}

void qemuDomainObjExitMonitor(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjExitMonitorInternal(driver, false, vm);
}

int qemuDomainObjEnterMonitorWithDriver(struct qemud_driver *driver, virDomainObjPtr vm)
{
    return qemuDomainObjEnterMonitorInternal(driver, true, vm);
}

void qemuDomainObjExitMonitorWithDriver(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjExitMonitorInternal(driver, true, vm);
}
