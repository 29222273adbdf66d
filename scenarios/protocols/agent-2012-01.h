/* Entering and leaving the agent in the guest: as the monitor, with a sync job. */

static void qemuDomainObjEnterAgentInternal(struct qemud_driver *driver, bool driver_locked, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(wrong_variant, held(&driver->lock) == driver_locked);
    check(no_job, held(&priv->job.active));
    check(stale_liveness, virDomainObjIsActive(vm));

    qemuAgentLock(priv->agent);
    qemuAgentRef(priv->agent);
    virDomainObjUnlock(vm);
    if (driver_locked)
        qemuDriverUnlock(driver);
}

/* The agent that is left is the one that priv->agent points to by now. */
static void qemuDomainObjExitAgentInternal(struct qemud_driver *driver, bool driver_locked, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int refs;

    check(self_deadlock, !held(&vm->lock));
    check(wrong_variant, !held(&driver->lock));

    refs = qemuAgentUnref(priv->agent);
    if (refs > 0)
        qemuAgentUnlock(priv->agent);
    if (driver_locked)
        qemuDriverLock(driver);
    virDomainObjLock(vm);
    if (refs == 0)
        priv->agent = NULL;
}

void qemuDomainObjEnterAgent(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjEnterAgentInternal(driver, false, vm);
}

void qemuDomainObjExitAgent(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjExitAgentInternal(driver, false, vm);
}

void qemuDomainObjEnterAgentWithDriver(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjEnterAgentInternal(driver, true, vm);
}

void qemuDomainObjExitAgentWithDriver(struct qemud_driver *driver, virDomainObjPtr vm)
{
    qemuDomainObjExitAgentInternal(driver, true, vm);
}

/* What the agent is asked. Nothing that others need may be held but the agent itself, which is unlocked while its answer is awaited. */
int qemuAgentCommand(qemuAgentPtr agent)
{
    check(monitor_unbalanced, held(&agent->lock));
    check(block_under_lock, !held(&driver->lock));

    agent->unanswered = 1;
    while (agent->unanswered)
        virCondWait(&agent->notify, &agent->lock);
    return 0;
}

/* Ends the connection. Who waits for an answer is not woken. */
void qemuAgentClose(qemuAgentPtr agent)
{
    if (!agent)
        return;
    qemuAgentLock(agent);
    if (qemuAgentUnref(agent) > 0)
        qemuAgentUnlock(agent);
}

/* What the event loop does when the agent is gone. */
void qemuProcessHandleAgentEOF(qemuAgentPtr agent, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuDriverLock(driver);
    virDomainObjLock(vm);
    qemuAgentClose(agent);
    priv->agent = NULL;
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}
