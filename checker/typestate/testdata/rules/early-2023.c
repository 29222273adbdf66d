/* contract: jobs.c */

/* Whether the guest runs is asked before the job is waited for. */
static int asksBefore(virDomainPtr dom, unsigned int flags)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjUpdateModificationImpact(vm, &flags) < 0) /* warn stale-liveness */
        goto cleanup;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    ret = work(vm, flags);
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

/* There is no job at all. */
static int asksWithout(virDomainPtr dom, unsigned int flags)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjUpdateModificationImpact(vm, &flags) < 0) /* want no-job */
        goto cleanup;
    ret = work(vm, flags);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static int asksAfterwards(virDomainPtr dom, unsigned int flags)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    if (virDomainObjUpdateModificationImpact(vm, &flags) < 0)
        goto endjob;
    ret = work(vm, flags);
endjob:
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}
