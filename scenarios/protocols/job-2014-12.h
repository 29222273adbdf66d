/* Jobs from December 2014 to 2018: the reference is that of the look-up, and a job has none. */

int qemuDomainObjBeginJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainJob job)
{
    return qemuDomainObjWaitForJob(driver, obj, job, QEMU_ASYNC_JOB_NONE) < 0 ? -1 : 0;
}

int qemuDomainObjBeginAsyncJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainAsyncJob asyncJob)
{
    return qemuDomainObjWaitForJob(driver, obj, QEMU_JOB_ASYNC, asyncJob) < 0 ? -1 : 0;
}

/* One waiter is woken. */
void qemuDomainObjEndJob(virQEMUDriverPtr driver, virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&priv->job.active));

    if (driver->maxQueuedJobs)
        priv->jobs_queued--;
    priv->job.active = QEMU_JOB_NONE;
    virCondSignal(&priv->job.cond);
}

void qemuDomainObjEndAsyncJob(virQEMUDriverPtr driver, virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&priv->job.asyncOwner));

    if (driver->maxQueuedJobs)
        priv->jobs_queued--;
    priv->job.asyncJob = QEMU_ASYNC_JOB_NONE;
    priv->job.asyncOwner = 0;
    priv->job.mask = QEMU_JOB_DEFAULT_MASK;
    virCondBroadcast(&priv->job.asyncCond);
}

/* A sync job for the thread that has the async job. The async job's mask is for the others. */
int qemuDomainObjBeginNestedJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainAsyncJob asyncJob)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));

    if (asyncJob != priv->job.asyncJob)
        return -1;

    check(async_nesting, held(&priv->job.asyncOwner));

    return qemuDomainObjWaitForJob(driver, obj, QEMU_JOB_ASYNC_NESTED, QEMU_ASYNC_JOB_NONE);
}
