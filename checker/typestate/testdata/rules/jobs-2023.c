/* contract: jobs.c */

/* A helper that is told which async job there is, or none. */
static int ask(virDomainObj *vm, virDomainAsyncJob asyncJob)
{
    qemuDomainObjPrivate *priv = vm->privateData;
    int rc;

    if (qemuDomainObjEnterMonitorAsync(vm, asyncJob) < 0)
        return -1;
    rc = command(priv->mon);
    qemuDomainObjExitMonitor(vm);
    return rc;
}

static int query(virDomainPtr dom)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) < 0)
        goto cleanup;
    if (virDomainObjCheckActive(vm) < 0)
        goto endjob;
    ret = ask(vm, VIR_ASYNC_JOB_NONE);
endjob:
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static int dump(virDomainPtr dom)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP) < 0)
        goto cleanup;
    ret = ask(vm, VIR_ASYNC_JOB_DUMP);
    virDomainObjEndAsyncJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

/* The guest is asked as if there were no async job. */
static int dumpAsks(virDomainPtr dom)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        qemuDomainObjEnterMonitor(vm); /* want async-nesting */
        qemuDomainObjExitMonitor(vm);
    }
    virDomainObjEndAsyncJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return 0;
}

static int returnsInside(virDomainPtr dom)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP) < 0)
        goto cleanup;
    if (!ready(vm))
        goto cleanup;
    virDomainObjEndAsyncJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return 0; /* want job-leak */
}

/* An entry that fails has entered nothing. */
static int leavesWhatItDidNotEnter(virDomainObj *vm)
{
    int rc = qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_DUMP);

    if (rc < 0)
        goto out;
    rc = 1;
out:
    qemuDomainObjExitMonitor(vm); /* want monitor-unbalanced */
    return rc;
}

/* Without its braces the branch of the failure goes on: the job that ends here was never had. */
static int goesOn(virDomainObj *vm)
{
    int ret = -1;

    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_SAVE) < 0)
        ret = 0;
    virDomainObjEndAsyncJob(vm); /* want job-unbalanced */
    return ret;
}
