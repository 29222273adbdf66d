/* Jobs from 2018 to 2021: the agent has a slot of its own. One function begins whichever of the
 * three is asked for. */

bool qemuDomainNestedJobAllowed(qemuDomainObjPrivatePtr priv, qemuDomainJob newJob)
{
    return !priv->job.asyncJob || newJob == QEMU_JOB_NONE || (priv->job.mask & JOB_MASK(newJob)) != 0;
}

bool qemuDomainObjCanSetJob(qemuDomainObjPrivatePtr priv, qemuDomainJob newJob, qemuDomainAgentJob newAgentJob)
{
    return (newJob == QEMU_JOB_NONE || priv->job.active == QEMU_JOB_NONE) &&
           (newAgentJob == QEMU_AGENT_JOB_NONE || priv->job.agentActive == QEMU_AGENT_JOB_NONE);
}

/* How long somebody waits: 30 seconds from when the job was asked for, however often it wakes up
 * meanwhile. */
#define QEMU_JOB_WAIT_TIME (1000ull * 30)

/* Locked before and after, whatever comes of it, and not in between: what was known of the guest
 * is not known any more. 0 with the job or the jobs, -2 where the time is up or the queue is
 * full, else -1. */
int qemuDomainObjBeginJobInternal(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainJob job,
                                  qemuDomainAgentJob agentJob, qemuDomainAsyncJob asyncJob, bool nowait)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;
    bool nested = job == QEMU_JOB_ASYNC_NESTED;
    bool limited = driver->maxQueuedJobs != 0;
    int ret = -1;

    check(missing_lock, held(&obj->parent.lock));
    check(self_deadlock, job == QEMU_JOB_NONE || !held(&priv->job.active));
    check(self_deadlock, agentJob == QEMU_AGENT_JOB_NONE || !held(&priv->job.agentActive));
    check(self_deadlock, job != QEMU_JOB_ASYNC || !held(&priv->job.asyncOwner));
    check(async_nesting, nested || !held(&priv->job.asyncOwner) || qemuDomainNestedJobAllowed(priv, job));

    if (limited)
        priv->jobs_queued++;

retry:
    if (job != QEMU_JOB_ASYNC && job != QEMU_JOB_DESTROY && limited && priv->jobs_queued > driver->maxQueuedJobs) {
        ret = -2;
        goto cleanup;
    }

    while (!nested && !qemuDomainNestedJobAllowed(priv, job)) {
        if (nowait)
            goto cleanup;
        if (virCondWaitUntil(&priv->job.asyncCond, &obj->parent.lock, QEMU_JOB_WAIT_TIME) < 0) {
            ret = -2;
            goto cleanup;
        }
    }

    while (!qemuDomainObjCanSetJob(priv, job, agentJob)) {
        if (nowait)
            goto cleanup;
        if (virCondWaitUntil(&priv->job.cond, &obj->parent.lock, QEMU_JOB_WAIT_TIME) < 0) {
            ret = -2;
            goto cleanup;
        }
    }

    /* An async job that keeps this one out may have begun while the domain was unlocked. */
    if (!nested && !qemuDomainNestedJobAllowed(priv, job))
        goto retry;

    if (job == QEMU_JOB_ASYNC) {
        priv->job.asyncJob = asyncJob;
        priv->job.asyncOwner = virThreadSelfID();
        priv->job.mask = QEMU_JOB_DEFAULT_MASK;
    } else if (job != QEMU_JOB_NONE) {
        priv->job.active = job;
    }
    if (agentJob != QEMU_AGENT_JOB_NONE)
        priv->job.agentActive = agentJob;
    return 0;

cleanup:
    if (limited)
        priv->jobs_queued--;
    return ret;
}

int qemuDomainObjBeginJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainJob job)
{
    if (qemuDomainObjBeginJobInternal(driver, obj, job, QEMU_AGENT_JOB_NONE, QEMU_ASYNC_JOB_NONE, false) < 0)
        return -1;
    return 0;
}

/* Gives up at once where it would have to wait. */
int qemuDomainObjBeginJobNowait(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainJob job)
{
    return qemuDomainObjBeginJobInternal(driver, obj, job, QEMU_AGENT_JOB_NONE, QEMU_ASYNC_JOB_NONE, true);
}

int qemuDomainObjBeginAsyncJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainAsyncJob asyncJob, int operation,
                               unsigned long apiFlags)
{
    if (qemuDomainObjBeginJobInternal(driver, obj, QEMU_JOB_ASYNC, QEMU_AGENT_JOB_NONE, asyncJob, false) < 0)
        return -1;
    return 0;
}

/* A sync job for the thread that has the async job. The async job's mask is for the others. */
int qemuDomainObjBeginNestedJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainAsyncJob asyncJob)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));

    if (asyncJob != priv->job.asyncJob)
        return -1;

    check(async_nesting, held(&priv->job.asyncOwner));

    return qemuDomainObjBeginJobInternal(driver, obj, QEMU_JOB_ASYNC_NESTED, QEMU_AGENT_JOB_NONE,
                                         QEMU_ASYNC_JOB_NONE, false);
}

/* All waiters are woken, for what each waits for is another combination of the slots. */
void qemuDomainObjEndJob(virQEMUDriverPtr driver, virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&priv->job.active));

    if (driver->maxQueuedJobs)
        priv->jobs_queued--;
    priv->job.active = QEMU_JOB_NONE;
    virCondBroadcast(&priv->job.cond);
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
