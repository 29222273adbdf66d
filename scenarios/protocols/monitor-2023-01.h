/* Entering and leaving the monitor in libvirt 9.0.0. Leaving says nothing about the guest: who
 * goes on with it has to ask. */

int qemuDomainObjEnterMonitorInternal(virDomainObj *obj, virDomainAsyncJob asyncJob)
{
    qemuDomainObjPrivate *priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));

    if (asyncJob != VIR_ASYNC_JOB_NONE) {
        int ret = virDomainObjBeginNestedJob(obj, asyncJob);

        if (ret < 0)
            return ret;
        if (!virDomainObjIsActive(obj)) {
            virDomainObjEndJob(obj);
            return -1;
        }
    } else {
        check(async_nesting, !held(&obj->job->asyncOwner));
        check(no_job, held(&obj->job->active));
        check(stale_liveness, virDomainObjIsActive(obj));
    }

    virObjectLock(priv->mon);
    virObjectRef(priv->mon);
    virObjectUnlock(obj);
    return 0;
}

/* Swaps the domain lock for the monitor lock. The guest runs: who has waited since he knew has
 * to ask again. */
void qemuDomainObjEnterMonitor(virDomainObj *obj)
{
    ignore_value(qemuDomainObjEnterMonitorInternal(obj, VIR_ASYNC_JOB_NONE));
}

/* The same within an async job, as a job of its own, which may have to wait. Below 0 nothing was
 * entered, and there is nothing to leave. */
int qemuDomainObjEnterMonitorAsync(virDomainObj *obj, virDomainAsyncJob asyncJob)
{
    return qemuDomainObjEnterMonitorInternal(obj, asyncJob);
}

/* priv->mon is read without the domain's lock: it is the monitor that was entered as long as
 * nobody stops the guest without a job. */
void qemuDomainObjExitMonitor(virDomainObj *obj)
{
    qemuDomainObjPrivate *priv = obj->privateData;
    qemuMonitor *mon = priv->mon;
    bool hasRefs;

    check(monitor_unbalanced, mon && held(&mon->parent.lock));
    check(self_deadlock, !held(&obj->parent.lock));

    hasRefs = virObjectUnref(mon);
    if (hasRefs)
        virObjectUnlock(mon);

    virObjectLock(obj);
    if (!hasRefs)
        priv->mon = NULL;
    if (obj->job->active == VIR_JOB_ASYNC_NESTED)
        virDomainObjEndJob(obj);
}

/* Agent and remote: the same as the monitor, with a job of their own, or with none. */
bool qemuDomainAgentAvailable(virDomainObj *vm, bool reportError)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    return virDomainObjIsActive(vm) && !priv->agentError && priv->agent;
}

qemuAgent *qemuDomainObjEnterAgent(virDomainObj *obj)
{
    qemuDomainObjPrivate *priv = obj->privateData;
    qemuAgent *agent = priv->agent;

    check(missing_lock, held(&obj->parent.lock));
    check(no_job, held(&obj->job->agentActive));
    check(block_under_lock, !held(&obj->job->active)); /* the agent may never answer */
    check(stale_liveness, qemuDomainAgentAvailable(obj, true));

    virObjectLock(agent);
    virObjectRef(agent);
    virObjectUnlock(obj);
    return agent;
}

void qemuDomainObjExitAgent(virDomainObj *obj, qemuAgent *agent)
{
    check(monitor_unbalanced, held(&agent->parent.lock));
    check(self_deadlock, !held(&obj->parent.lock));

    virObjectUnlock(agent);
    virObjectUnref(agent);
    virObjectLock(obj);
}

/* While another daemon is asked, which may take for ever, the domain is unlocked. */
void qemuDomainObjEnterRemote(virDomainObj *obj)
{
    check(missing_lock, held(&obj->parent.lock));

    virObjectUnlock(obj);
}

/* The domain is locked, and -1 says that the guest is gone, where that was asked. */
int qemuDomainObjExitRemote(virDomainObj *obj, bool checkActive)
{
    check(self_deadlock, !held(&obj->parent.lock));

    virObjectLock(obj);
    if (checkActive && !virDomainObjIsActive(obj))
        return -1;
    return 0;
}
