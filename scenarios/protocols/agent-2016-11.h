/* The agent since November 2016 (aaf2992d9): who enters it is told which, and leaves that one. */

bool qemuDomainAgentAvailable(virDomainObjPtr vm, bool reportError)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    return virDomainObjIsActive(vm) && !priv->agentError && priv->agent;
}

qemuAgentPtr qemuDomainObjEnterAgent(virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;
    qemuAgentPtr agent = priv->agent;

    check(missing_lock, held(&obj->parent.lock));
    check(no_job, held(&priv->job.agentActive));
#ifdef AGENT_ALONE
    check(block_under_lock, !held(&priv->job.active));
#endif
    check(stale_liveness, qemuDomainAgentAvailable(obj, true));

    virObjectLock(agent);
    virObjectRef(agent);
    virObjectUnlock(obj);
    return agent;
}

void qemuDomainObjExitAgent(virDomainObjPtr obj, qemuAgentPtr agent)
{
    check(self_deadlock, !held(&obj->parent.lock));
    check(monitor_unbalanced, held(&agent->parent.lock));

    virObjectUnlock(agent);
    virObjectUnref(agent);
    virObjectLock(obj);
}
