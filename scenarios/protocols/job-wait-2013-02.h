/* Waiting for a job, from February 2013 to 2018. */

bool qemuDomainNestedJobAllowed(qemuDomainObjPrivatePtr priv, qemuDomainJob job)
{
    return !priv->job.asyncJob || (priv->job.mask & JOB_MASK(job)) != 0;
}

bool qemuDomainJobAllowed(qemuDomainObjPrivatePtr priv, qemuDomainJob job)
{
    return !priv->job.active && qemuDomainNestedJobAllowed(priv, job);
}

/* How long somebody waits: 30 seconds from when the job was asked for, however often it wakes up
 * meanwhile. */
#define QEMU_JOB_WAIT_TIME (1000ull * 30)

/* Locked before and after, whatever comes of it, and not in between: what was known of the guest
 * is not known any more. 0 with the job, -2 where the time is up or the queue is full, else -1.
 * Waiters for a sync job and for an async one sleep on one condition, and only a sync job sets
 * active. */
int qemuDomainObjWaitForJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainJob job,
                            qemuDomainAsyncJob asyncJob)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;
    bool nested = job == QEMU_JOB_ASYNC_NESTED;
    bool limited = driver->maxQueuedJobs != 0;
    int ret = -1;

    check(missing_lock, held(&obj->parent.lock));
    check(self_deadlock, !held(&priv->job.active));
    check(self_deadlock, job != QEMU_JOB_ASYNC || !held(&priv->job.asyncOwner));
    check(async_nesting, nested || !held(&priv->job.asyncOwner) || qemuDomainNestedJobAllowed(priv, job));

    if (limited)
        priv->jobs_queued++;

retry:
    if (limited && priv->jobs_queued > driver->maxQueuedJobs) {
        ret = -2;
        goto error;
    }

    while (!nested && !qemuDomainNestedJobAllowed(priv, job)) {
        if (virCondWaitUntil(&priv->job.asyncCond, &obj->parent.lock, QEMU_JOB_WAIT_TIME) < 0) {
            ret = -2;
            goto error;
        }
    }

    while (priv->job.active) {
        if (virCondWaitUntil(&priv->job.cond, &obj->parent.lock, QEMU_JOB_WAIT_TIME) < 0) {
            ret = -2;
            goto error;
        }
    }

    /* An async job that keeps this one out may have begun while the domain was unlocked. */
    if (!nested && !qemuDomainNestedJobAllowed(priv, job))
        goto retry;

    if (job == QEMU_JOB_ASYNC) {
        priv->job.asyncJob = asyncJob;
        priv->job.asyncOwner = virThreadSelfID();
        priv->job.mask = QEMU_JOB_DEFAULT_MASK;
    } else {
        priv->job.active = job;
    }
    return 0;

error:
    if (limited)
        priv->jobs_queued--;
    return ret;
}
