/* Jobs of libvirt 9.0.0, the same for all drivers (src/conf/virdomainjob.c). One function begins
 * whichever of the three slots is asked for. */

bool virDomainNestedJobAllowed(virDomainJobObj *jobs, virDomainJob newJob)
{
    return !jobs->asyncJob || newJob == VIR_JOB_NONE || (jobs->mask & JOB_MASK(newJob));
}

bool virDomainObjCanSetJob(virDomainJobObj *job, virDomainJob newJob, virDomainAgentJob newAgentJob)
{
    return (newJob == VIR_JOB_NONE || job->active == VIR_JOB_NONE) &&
           (newAgentJob == VIR_AGENT_JOB_NONE || job->agentActive == VIR_AGENT_JOB_NONE);
}

/* How long somebody waits: 30 seconds from when the job was asked for, however often it wakes up
 * meanwhile. */
#define VIR_JOB_WAIT_TIME (1000ull * 30)

/* The domain is locked, before and after, whatever comes of it, and not in between: what was
 * known of the guest is not known any more. 0 with the job, -2 where the time is up or the queue
 * is full, else -1. */
int virDomainObjBeginJobInternal(virDomainObj *obj, virDomainJobObj *jobObj, virDomainJob job,
                                 virDomainAgentJob agentJob, virDomainAsyncJob asyncJob, bool nowait)
{
    bool nested = job == VIR_JOB_ASYNC_NESTED;
    bool limited = jobObj->maxQueuedJobs != 0;
    int ret = -1;

    check(missing_lock, held(&obj->parent.lock));
    check(self_deadlock, job == VIR_JOB_NONE || !held(&jobObj->active));
    check(self_deadlock, agentJob == VIR_AGENT_JOB_NONE || !held(&jobObj->agentActive));
    check(self_deadlock, job != VIR_JOB_ASYNC || !held(&jobObj->asyncOwner));
    check(async_nesting, nested || !held(&jobObj->asyncOwner) || virDomainNestedJobAllowed(jobObj, job));
    /* Since January 2020 nobody has an agent job and a sync job: an agent that does not answer
     * would keep everybody out. */
    check(async_nesting, agentJob == VIR_AGENT_JOB_NONE || !held(&jobObj->active));

    if (limited)
        jobObj->jobsQueued++;

retry:
    if (job != VIR_JOB_ASYNC && job != VIR_JOB_DESTROY && limited && jobObj->jobsQueued > jobObj->maxQueuedJobs) {
        ret = -2;
        goto cleanup;
    }

    while (!nested && !virDomainNestedJobAllowed(jobObj, job)) {
        if (nowait)
            goto cleanup;
        if (virCondWaitUntil(&jobObj->asyncCond, &obj->parent.lock, VIR_JOB_WAIT_TIME) < 0) {
            ret = -2;
            goto cleanup;
        }
    }

    while (!virDomainObjCanSetJob(jobObj, job, agentJob)) {
        if (nowait)
            goto cleanup;
        if (virCondWaitUntil(&jobObj->cond, &obj->parent.lock, VIR_JOB_WAIT_TIME) < 0) {
            ret = -2;
            goto cleanup;
        }
    }

    /* An async job that keeps this one out may have begun while the domain was unlocked. */
    if (!nested && !virDomainNestedJobAllowed(jobObj, job))
        goto retry;

    /* And the domain may have been removed. */
    if (obj->removing)
        goto cleanup;

    if (job == VIR_JOB_ASYNC) {
        jobObj->asyncJob = asyncJob;
        jobObj->asyncOwner = virThreadSelfID();
        jobObj->mask = VIR_JOB_DEFAULT_MASK;
    } else if (job != VIR_JOB_NONE) {
        jobObj->active = job;
    }
    if (agentJob != VIR_AGENT_JOB_NONE)
        jobObj->agentActive = agentJob;
    return 0;

cleanup:
    if (limited)
        jobObj->jobsQueued--;
    return ret;
}

int virDomainObjBeginJob(virDomainObj *obj, virDomainJob job)
{
    if (virDomainObjBeginJobInternal(obj, obj->job, job, VIR_AGENT_JOB_NONE, VIR_ASYNC_JOB_NONE, false) < 0)
        return -1;
    return 0;
}

/* Gives up at once where it would have to wait. */
int virDomainObjBeginJobNowait(virDomainObj *obj, virDomainJob job)
{
    return virDomainObjBeginJobInternal(obj, obj->job, job, VIR_AGENT_JOB_NONE, VIR_ASYNC_JOB_NONE, true);
}

int virDomainObjBeginAgentJob(virDomainObj *obj, virDomainAgentJob agentJob)
{
    return virDomainObjBeginJobInternal(obj, obj->job, VIR_JOB_NONE, agentJob, VIR_ASYNC_JOB_NONE, false);
}

int virDomainObjBeginAsyncJob(virDomainObj *obj, virDomainAsyncJob asyncJob, int operation, unsigned int apiFlags)
{
    if (virDomainObjBeginJobInternal(obj, obj->job, VIR_JOB_ASYNC, VIR_AGENT_JOB_NONE, asyncJob, false) < 0)
        return -1;
    return 0;
}

/* A sync job for the thread that has the async job. The async job's mask is for the others. */
int virDomainObjBeginNestedJob(virDomainObj *obj, virDomainAsyncJob asyncJob)
{
    check(missing_lock, held(&obj->parent.lock));

    if (asyncJob != obj->job->asyncJob)
        return -1;

    check(async_nesting, held(&obj->job->asyncOwner));

    return virDomainObjBeginJobInternal(obj, obj->job, VIR_JOB_ASYNC_NESTED, VIR_AGENT_JOB_NONE,
                                        VIR_ASYNC_JOB_NONE, false);
}

/* All waiters are woken, for what each waits for is another combination of the slots. libvirt
 * does not look who ends a job. */
void virDomainObjEndJob(virDomainObj *obj)
{
    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&obj->job->active));

    if (obj->job->maxQueuedJobs)
        obj->job->jobsQueued--;
    obj->job->active = VIR_JOB_NONE;
    virCondBroadcast(&obj->job->cond);
}

void virDomainObjEndAgentJob(virDomainObj *obj)
{
    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&obj->job->agentActive));

    if (obj->job->maxQueuedJobs)
        obj->job->jobsQueued--;
    obj->job->agentActive = VIR_AGENT_JOB_NONE;
    virCondBroadcast(&obj->job->cond);
}

void virDomainObjEndAsyncJob(virDomainObj *obj)
{
    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&obj->job->asyncOwner));

    if (obj->job->maxQueuedJobs)
        obj->job->jobsQueued--;
    obj->job->asyncJob = VIR_ASYNC_JOB_NONE;
    obj->job->asyncOwner = 0;
    obj->job->mask = VIR_JOB_DEFAULT_MASK;
    virCondBroadcast(&obj->job->asyncCond);
}

/* Which sync jobs others may begin while the async job goes on. A domain can be destroyed at any
 * time. */
void qemuDomainObjSetAsyncJobMask(virDomainObj *obj, unsigned long long allowedJobs)
{
    check(missing_lock, held(&obj->parent.lock));

    if (!obj->job->asyncJob)
        return;
    obj->job->mask = allowedJobs | JOB_MASK(VIR_JOB_DESTROY);
}

/* The async job goes on without a thread, until an API call adopts it. */
void qemuDomainObjReleaseAsyncJob(virDomainObj *obj)
{
    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&obj->job->asyncOwner));

    obj->job->asyncOwner = 0;
}

/* This thread adopts the async job, which no other works on. */
void qemuDomainObjStartJobPhase(virDomainObj *obj, int phase)
{
    check(missing_lock, held(&obj->parent.lock));

    if (!obj->job->asyncJob || held(&obj->job->asyncOwner))
        return;
    obj->job->asyncOwner = virThreadSelfID();
}

void qemuDomainObjSetJobPhase(virDomainObj *obj, int phase)
{
    check(missing_lock, held(&obj->parent.lock));
    check(async_nesting, !obj->job->asyncJob || held(&obj->job->asyncOwner));
}

/* The daemon is back, and so is an async job that its guest had. It is a thread's that works on it
 * from here on, or nobody's until one adopts it: only its callers know. */
void qemuDomainObjRestoreAsyncJob(virDomainObj *vm, virDomainAsyncJob asyncJob, int phase,
                                  unsigned long long started, int operation, int statsType,
                                  int status, unsigned long long allowedJobs)
{
    check(missing_lock, held(&vm->parent.lock));
    check(async_nesting, !held(&vm->job->asyncOwner));

    vm->job->asyncJob = asyncJob;
    if (nondet())
        vm->job->asyncOwner = virThreadSelfID();
    qemuDomainObjSetAsyncJobMask(vm, allowedJobs);
}

/* The async job is over because the guest is, whoever began it. Nobody who waits for its end is
 * woken. */
void qemuDomainObjDiscardAsyncJob(virDomainObj *obj)
{
    check(missing_lock, held(&obj->parent.lock));

    if (obj->job->active == VIR_JOB_ASYNC_NESTED)
        obj->job->active = VIR_JOB_NONE;
    if (held(&obj->job->asyncOwner))
        obj->job->asyncOwner = 0;
    else
        check(job_unbalanced, obj->job->asyncOwner == 0);
    obj->job->asyncJob = VIR_ASYNC_JOB_NONE;
    obj->job->mask = VIR_JOB_DEFAULT_MASK;
}
