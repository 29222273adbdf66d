/* contract: jobs.c */

/* What is known of the guest is asked before anybody has looked whether it runs. */
static int asksTooEarly(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuDomainObjPrivate *priv;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    priv = vm->privateData;
    if (!capsGet(priv->caps, CAP_SNAPSHOT)) /* warn stale-liveness */
        goto cleanup;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    if (virDomainObjCheckActive(vm) < 0)
        goto endjob;
    ret = 0;
endjob:
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

/* The guest may have ended while the job was waited for. */
static int asksBeforeItLooks(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;
    int ret = -1;

    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        return -1;
    if (!capsGet(priv->caps, CAP_SNAPSHOT)) /* warn stale-liveness */
        goto endjob;
    if (!virDomainObjIsActive(vm))
        goto endjob;
    ret = 0;
endjob:
    virDomainObjEndJob(vm);
    return ret;
}

static int asksAfterwards(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;
    int ret = -1;

    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        return -1;
    if (!virDomainObjIsActive(vm))
        goto endjob;
    if (!capsGet(priv->caps, CAP_SNAPSHOT))
        goto endjob;
    ret = 0;
endjob:
    virDomainObjEndJob(vm);
    return ret;
}

/* Who finds the monitor there knows that the guest runs. */
static void findsTheMonitor(virDomainObj *vm, bool wait)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        return;
    if (priv->mon) {
        qemuDomainObjEnterMonitor(vm);
        qemuDomainObjExitMonitor(vm);
        if (wait && priv->mon) {
            qemuDomainObjEnterMonitor(vm);
            qemuDomainObjExitMonitor(vm);
        } else {
            qemuDomainObjEnterMonitor(vm); /* want stale-liveness */
            qemuDomainObjExitMonitor(vm);
        }
    }
    virDomainObjEndJob(vm);
}

/* Callers are asked. */
static bool can(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    return capsGet(priv->caps, CAP_SNAPSHOT);
}

static int callsTooEarly(virDomainObj *vm)
{
    int ret = -1;

    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        return -1;
    if (!can(vm)) /* warn stale-liveness */
        goto endjob;
    if (!virDomainObjIsActive(vm))
        goto endjob;
    ret = can(vm);
endjob:
    virDomainObjEndJob(vm);
    return ret;
}

/* It was there before as well, and is looked at again. */
static void looksAgain(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        return;
    if (virDomainObjIsActive(vm)) {
        qemuDomainObjEnterMonitor(vm);
        command(priv->mon);
        qemuDomainObjExitMonitor(vm);
        if (priv->mon) {
            qemuDomainObjEnterMonitor(vm);
            command(priv->mon);
            qemuDomainObjExitMonitor(vm);
        }
    }
    virDomainObjEndJob(vm);
}

/* Of a guest that has ended the monitor is not there. */
static void resumes(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        return;
    if (!virDomainObjIsActive(vm))
        goto resume;
    qemuDomainObjEnterMonitor(vm);
    qemuDomainObjExitMonitor(vm);
resume:
    if (priv->mon) {
        qemuDomainObjEnterMonitor(vm);
        qemuDomainObjExitMonitor(vm);
    }
    virDomainObjEndJob(vm);
}

/* A callee asks, and nobody has looked. */
static int asksByCall(virDomainPtr dom)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (can(vm)) /* warn stale-liveness */
        ret = callsTooEarly(vm);
    virDomainObjEndAPI(&vm);
    return ret;
}

/* Whether the guest runs is asked after what is there only then. */
static int asksInTheWrongOrder(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    if (!capsGet(priv->caps, CAP_SNAPSHOT)) /* warn stale-liveness */
        return -1;
    if (!virDomainObjIsActive(vm))
        return -1;
    return work(vm);
}

static int asksInTheRightOrder(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    if (!virDomainObjIsActive(vm))
        return -1;
    if (!capsGet(priv->caps, CAP_SNAPSHOT))
        return -1;
    if (virDomainObjIsActive(vm))
        return work(vm);
    return -1;
}

/* Who comes to the label has looked, or not. */
static int asksAtTheEnd(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;
    int ret = -1;

    if (!capsGet(priv->caps, CAP_SNAPSHOT))
        goto cleanup;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    ret = 0;
    virDomainObjEndJob(vm);
cleanup:
    if (ret < 0 && virDomainObjIsActive(vm))
        ret = work(vm);
    return ret;
}
