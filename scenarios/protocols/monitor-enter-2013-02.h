/* Entering the monitor, from February 2013 to 2021. */

int qemuDomainObjEnterMonitorInternal(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainAsyncJob asyncJob)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));

    if (asyncJob != QEMU_ASYNC_JOB_NONE) {
        int ret = qemuDomainObjBeginNestedJob(driver, obj, asyncJob);

        if (ret < 0)
            return ret;
        if (!virDomainObjIsActive(obj)) {
            qemuDomainObjEndJob(driver, obj);
            return -1;
        }
    } else {
        check(async_nesting, !held(&priv->job.asyncOwner));
        check(no_job, held(&priv->job.active));
        check(stale_liveness, virDomainObjIsActive(obj));
    }

    virObjectLock(priv->mon);
    virObjectRef(priv->mon);
    virObjectUnlock(obj);
    return 0;
}

/* Swaps the domain lock for the monitor lock. The guest runs: who has waited since he knew has
 * to ask again. */
void qemuDomainObjEnterMonitor(virQEMUDriverPtr driver, virDomainObjPtr obj)
{
    ignore_value(qemuDomainObjEnterMonitorInternal(driver, obj, QEMU_ASYNC_JOB_NONE));
}

/* The same within an async job, as a job of its own, which may have to wait. Below 0 nothing was
 * entered, and there is nothing to leave. */
int qemuDomainObjEnterMonitorAsync(virQEMUDriverPtr driver, virDomainObjPtr obj, qemuDomainAsyncJob asyncJob)
{
    return qemuDomainObjEnterMonitorInternal(driver, obj, asyncJob);
}

/* Gives the monitor back, and then locks the domain. The monitor is the one that priv->mon leads
 * to now: whoever has stopped the guest meanwhile has taken it away. */
void qemuDomainObjLeaveMonitor(virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;
    qemuMonitorPtr mon = priv->mon;
    bool hasRefs;

    check(self_deadlock, !held(&obj->parent.lock));
    check(monitor_unbalanced, mon && held(&mon->parent.lock));

    hasRefs = virObjectUnref(mon);
    if (hasRefs)
        virObjectUnlock(mon);

    virObjectLock(obj);
    if (!hasRefs)
        priv->mon = NULL;
}
