/* The agent from February 2013 to 2016: entered with a sync job, and left by what priv->agent
 * leads to. */

bool qemuDomainAgentAvailable(virDomainObjPtr vm, bool reportError)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    return virDomainObjIsActive(vm) && !priv->agentError && priv->agent;
}

void qemuDomainObjEnterAgent(virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));
    check(no_job, held(&priv->job.active));
    check(stale_liveness, qemuDomainAgentAvailable(obj, true));

    virObjectLock(priv->agent);
    virObjectRef(priv->agent);
    virObjectUnlock(obj);
}

void qemuDomainObjExitAgent(virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;
    qemuAgentPtr agent = priv->agent;
    bool hasRefs;

    check(self_deadlock, !held(&obj->parent.lock));
    check(monitor_unbalanced, agent && held(&agent->parent.lock));

    hasRefs = virObjectUnref(agent);
    if (hasRefs)
        virObjectUnlock(agent);
    virObjectLock(obj);
    if (!hasRefs)
        priv->agent = NULL;
}
