/* Jobs of February 2013: whoever has one, or waits for one, has a reference to the domain. A
 * nested job is begun by entering the monitor. EndJob says whether the domain is there still. */

int qemuDomainObjBeginJobInternal(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainJob job,
                                  qemuDomainAsyncJob asyncJob)
{
    virObjectRef(obj);
    if (qemuDomainObjWaitForJob(driver, obj, job, asyncJob) < 0) {
        virObjectUnref(obj);
        return -1;
    }
    return 0;
}

int qemuDomainObjBeginJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainJob job)
{
    return qemuDomainObjBeginJobInternal(driver, obj, job, QEMU_ASYNC_JOB_NONE);
}

int qemuDomainObjBeginAsyncJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainAsyncJob asyncJob)
{
    return qemuDomainObjBeginJobInternal(driver, obj, QEMU_JOB_ASYNC, asyncJob);
}

/* One waiter is woken. False where the last reference went, and with it the domain and its lock. */
bool qemuDomainObjEndJob(virQEMUDriverPtr driver, virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&priv->job.active));

    if (driver->maxQueuedJobs)
        priv->jobs_queued--;
    priv->job.active = QEMU_JOB_NONE;
    virCondSignal(&priv->job.cond);
    return virObjectUnref(obj);
}

bool qemuDomainObjEndAsyncJob(virQEMUDriverPtr driver, virDomainObjPtr obj)
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
    return virObjectUnref(obj);
}

/* A sync job for the thread that has the async job. The async job's mask is for the others. */
int qemuDomainObjBeginNestedJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainAsyncJob asyncJob)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));

    if (asyncJob != priv->job.asyncJob)
        return -1;

    check(async_nesting, held(&priv->job.asyncOwner));

    return qemuDomainObjBeginJobInternal(driver, obj, QEMU_JOB_ASYNC_NESTED, QEMU_ASYNC_JOB_NONE);
}
