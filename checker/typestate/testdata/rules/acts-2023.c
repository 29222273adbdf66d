/* contract: jobs.c */

/* The guest is destroyed in the middle of what the owner of a job does. */
static int destroys(virDomainPtr dom, xenContext *ctx)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjIsActive(vm))
        ret = xenDestroy(ctx, vm->def->id); /* warn no-job */
    virDomainObjEndAPI(&vm);
    return ret;
}

static int destroysWithJob(virDomainPtr dom, xenContext *ctx)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm))
        ret = xenDestroy(ctx, vm->def->id);
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}
