/* What is done to an async job while it goes on. */

/* Which sync jobs others may begin meanwhile. A domain can be destroyed at any time. */
void qemuDomainObjSetAsyncJobMask(virDomainObjPtr vm, unsigned long long allowedJobs)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));

    if (!priv->job.asyncJob)
        return;
    priv->job.mask = allowedJobs | JOB_MASK(QEMU_JOB_DESTROY);
}

/* The async job is over because the guest is, or the daemon was, and nobody is left who would end it. Nobody is woken. */
void qemuDomainObjDiscardAsyncJob(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));

    if (priv->job.active == QEMU_JOB_ASYNC_NESTED)
        priv->job.active = QEMU_JOB_NONE;
    if (held(&priv->job.asyncOwner))
        priv->job.asyncOwner = 0;
    else
        check(job_unbalanced, !priv->job.asyncOwner);
    priv->job.asyncJob = QEMU_ASYNC_JOB_NONE;
    priv->job.mask = DEFAULT_JOB_MASK;
}
