/* What lockproof lint finds: one way out keeps the job. */
int
testDomainSetIOThread(virDomainPtr dom, unsigned int id, unsigned int flags)
{
    virDomainObj *vm;
    virDomainDef *def;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;

    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;

    if (!(def = virDomainObjGetOneDef(vm, flags)))
        goto endjob;

    if (!virDomainIOThreadIDFind(def, id))
        goto cleanup;

    ret = virDomainDefSetIOThread(def, id);

 endjob:
    virDomainObjEndJob(vm);

 cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}
