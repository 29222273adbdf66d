/* Jobs from August 2012 to January 2013: domains are objects (31cb030ab), and EndJob says whether one is left. There is a limit to how many have one or wait for it (3005cacb6). Without a limit nobody is
 * counted here, for nobody looks. */

/* How long somebody waits: 30 seconds from when the job was asked for, however often it wakes up meanwhile. */
#define QEMU_JOB_WAIT_TIME (1000ull * 30)

static bool qemuDomainNestedJobAllowed(qemuDomainObjPrivatePtr priv, enum qemuDomainJob job)
{
    return !priv->job.asyncJob || (priv->job.mask & JOB_MASK(job)) != 0;
}

/* One function begins whichever job is asked for. The driver is as it was, whatever comes of it; it is unlocked for the wait, and
 * so is the domain: what was known of the guest is not known any more. The reference keeps the domain. */
static int qemuDomainObjBeginJobInternal(struct qemud_driver *driver, bool driver_locked, virDomainObjPtr vm, enum qemuDomainJob job,
                                         enum qemuDomainAsyncJob asyncJob)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    bool nested = job == QEMU_JOB_ASYNC_NESTED;
    bool limited = driver->max_queued != 0;

    check(missing_lock, held(&vm->lock));
    check(wrong_variant, held(&driver->lock) == driver_locked);
    check(self_deadlock, !held(&priv->job.active));
    check(self_deadlock, job != QEMU_JOB_ASYNC || !held(&priv->job.asyncOwner));
    check(async_nesting, !nested || held(&priv->job.asyncOwner));
    check(async_nesting, nested || !held(&priv->job.asyncOwner) || qemuDomainNestedJobAllowed(priv, job));

    if (limited)
        priv->jobs_queued++;
    virObjectRef(vm);
    if (driver_locked)
        qemuDriverUnlock(driver);

retry:
    if (limited && priv->jobs_queued > driver->max_queued)
        goto error;
    while (!nested && !qemuDomainNestedJobAllowed(priv, job)) {
        if (virCondWaitUntil(&priv->job.asyncCond, &vm->lock, QEMU_JOB_WAIT_TIME) < 0)
            goto error;
    }
    while (priv->job.active) {
        if (virCondWaitUntil(&priv->job.cond, &vm->lock, QEMU_JOB_WAIT_TIME) < 0)
            goto error;
    }

    /* An async job that keeps this one out may have begun while the domain was unlocked. */
    if (!nested && !qemuDomainNestedJobAllowed(priv, job))
        goto retry;

    if (job != QEMU_JOB_ASYNC) {
        priv->job.active = job;
    } else {
        priv->job.asyncJob = asyncJob;
        priv->job.asyncOwner = virThreadSelfID();
        priv->job.mask = DEFAULT_JOB_MASK;
    }

    if (driver_locked) {
        virDomainObjUnlock(vm);
        qemuDriverLock(driver);
        virDomainObjLock(vm);
    }
    return 0;

error:
    if (limited)
        priv->jobs_queued--;
    if (driver_locked) {
        virDomainObjUnlock(vm);
        qemuDriverLock(driver);
        virDomainObjLock(vm);
    }
    virObjectUnref(vm);
    return -1;
}

int qemuDomainObjBeginJob(struct qemud_driver *driver, virDomainObjPtr vm, enum qemuDomainJob job)
{
    return qemuDomainObjBeginJobInternal(driver, false, vm, job, QEMU_ASYNC_JOB_NONE);
}

int qemuDomainObjBeginAsyncJob(struct qemud_driver *driver, virDomainObjPtr vm, enum qemuDomainAsyncJob asyncJob)
{
    return qemuDomainObjBeginJobInternal(driver, false, vm, QEMU_JOB_ASYNC, asyncJob);
}

int qemuDomainObjBeginJobWithDriver(struct qemud_driver *driver, virDomainObjPtr vm, enum qemuDomainJob job)
{
    if (job <= QEMU_JOB_NONE || job >= QEMU_JOB_ASYNC)
        return -1;
    return qemuDomainObjBeginJobInternal(driver, true, vm, job, QEMU_ASYNC_JOB_NONE);
}

int qemuDomainObjBeginAsyncJobWithDriver(struct qemud_driver *driver, virDomainObjPtr vm, enum qemuDomainAsyncJob asyncJob)
{
    return qemuDomainObjBeginJobInternal(driver, true, vm, QEMU_JOB_ASYNC, asyncJob);
}

/* Whether a reference is left: where none is, the domain is gone, and its lock with it. */
bool qemuDomainObjEndJob(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(job_unbalanced, held(&priv->job.active));

    if (driver->max_queued)
        priv->jobs_queued--;
    priv->job.active = QEMU_JOB_NONE;
    virCondSignal(&priv->job.cond);
    return virObjectUnref(vm);
}

/* All who wait for the end of the async job are woken, for each may go on. */
bool qemuDomainObjEndAsyncJob(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(job_unbalanced, held(&priv->job.asyncOwner));
    check(async_nesting, !held(&priv->job.active));

    if (driver->max_queued)
        priv->jobs_queued--;
    priv->job.asyncJob = QEMU_ASYNC_JOB_NONE;
    priv->job.asyncOwner = 0;
    priv->job.mask = DEFAULT_JOB_MASK;
    virCondBroadcast(&priv->job.asyncCond);
    return virObjectUnref(vm);
}
