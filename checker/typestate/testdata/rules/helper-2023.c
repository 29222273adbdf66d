/* contract: jobs.c */

/* The contract says what it should do; what it does is another thing. */
int qemuDomainObjEnterMonitorAsync(virDomainObj *obj, virDomainAsyncJob asyncJob)
{
    qemuDomainObjPrivate *priv = obj->privateData;

    if (asyncJob != VIR_ASYNC_JOB_NONE) {
        if (virDomainObjBeginJob(obj, VIR_JOB_ASYNC_NESTED) < 0)
            return -1;
        if (!virDomainObjIsActive(obj))
            return -1; /* want job-leak */
    }
    virObjectLock(priv->mon);
    virObjectUnlock(obj);
    return 0;
}

void qemuDomainObjExitMonitor(virDomainObj *obj)
{
    qemuDomainObjPrivate *priv = obj->privateData;

    virObjectUnlock(priv->mon);
    virObjectLock(obj);
    if (obj->job->active == VIR_JOB_ASYNC_NESTED)
        virDomainObjEndJob(obj);
}
