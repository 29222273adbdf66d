/* contract: jobs.c */

/* A helper of the contract ends this job in a later call. */
static int prepare(virDomainPtr dom, int n)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    if (listens(vm, n) < 0)
        goto endjob;
    ret = 0;
    goto cleanup;

endjob:
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static int finish(virDomainPtr dom)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    domainFinish(vm);
    virDomainObjEndAPI(&vm);
    return 0;
}
