/* The agent's job from June 2018 to January 2020: alone, or together with a sync job. */

int qemuDomainObjBeginAgentJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainAgentJob agentJob)
{
    return qemuDomainObjBeginJobInternal(driver, obj, QEMU_JOB_NONE, agentJob, QEMU_ASYNC_JOB_NONE, false);
}

void qemuDomainObjEndAgentJob(virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&priv->job.agentActive));

    if (qemu_driver->maxQueuedJobs)
        priv->jobs_queued--;
    priv->job.agentActive = QEMU_AGENT_JOB_NONE;
    virCondBroadcast(&priv->job.cond);
}

/* Both or none. An agent that does not answer keeps everybody out then. */
int qemuDomainObjBeginJobWithAgent(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainJob job,
                                   qemuDomainAgentJob agentJob)
{
    return qemuDomainObjBeginJobInternal(driver, obj, job, agentJob, QEMU_ASYNC_JOB_NONE, false);
}

void qemuDomainObjEndJobWithAgent(virQEMUDriverPtr driver, virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&priv->job.active));
    check(job_unbalanced, held(&priv->job.agentActive));

    if (driver->maxQueuedJobs)
        priv->jobs_queued--;
    priv->job.active = QEMU_JOB_NONE;
    priv->job.agentActive = QEMU_AGENT_JOB_NONE;
    virCondBroadcast(&priv->job.cond);
}
