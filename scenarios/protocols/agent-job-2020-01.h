/* The agent's job since January 2020 (3c436c22a): nobody has a sync job beside it, for an agent
 * that does not answer would keep everybody out. */

int qemuDomainObjBeginAgentJob(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainAgentJob agentJob)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(async_nesting, !held(&priv->job.active));

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
