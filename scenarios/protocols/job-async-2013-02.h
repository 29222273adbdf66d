/* What becomes of an async job between its begin and its end, from February 2013 to 2021. */

/* Which sync jobs others may begin while the async job goes on. A domain can be destroyed at any
 * time. */
void qemuDomainObjSetAsyncJobMask(virDomainObjPtr obj, unsigned long long allowedJobs)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));

    if (!priv->job.asyncJob)
        return;
    priv->job.mask = allowedJobs | JOB_MASK(QEMU_JOB_DESTROY);
}

/* The async job goes on without a thread, until an API call adopts it. */
void qemuDomainObjReleaseAsyncJob(virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&priv->job.asyncOwner));

    priv->job.asyncOwner = 0;
}

/* This thread adopts the async job, which no other works on. */
void qemuDomainObjSetJobPhase(virQEMUDriverPtr driver, virDomainObjPtr obj, int phase)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));

    if (!priv->job.asyncJob || held(&priv->job.asyncOwner))
        return;
    priv->job.asyncOwner = virThreadSelfID();
}

/* The async job is over because the guest is, whoever began it. Nobody who waits for its end is
 * woken. */
void qemuDomainObjDiscardAsyncJob(virQEMUDriverPtr driver, virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));

    if (priv->job.active == QEMU_JOB_ASYNC_NESTED)
        priv->job.active = QEMU_JOB_NONE;
    if (held(&priv->job.asyncOwner))
        priv->job.asyncOwner = 0;
    else
        check(job_unbalanced, priv->job.asyncOwner == 0);
    priv->job.asyncJob = QEMU_ASYNC_JOB_NONE;
    priv->job.mask = QEMU_JOB_DEFAULT_MASK;
}
