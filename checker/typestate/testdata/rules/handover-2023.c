/* contract: jobs.c */

/* A job of several calls: prepare begins it, and finish ends it. */
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

static int completes(virDomainObj *vm)
{
    int ret = resumes(vm);

    virDomainObjEndJob(vm);
    return ret;
}

static int finish(virDomainPtr dom)
{
    virDomainObj *vm;
    int ret;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    ret = completes(vm);
    virDomainObjEndAPI(&vm);
    return ret;
}

/* It keeps the job where it fails as well. */
static int forgets(virDomainPtr dom, int n)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    if (listens(vm, n) < 0)
        goto cleanup;
    ret = 0;

cleanup:
    virDomainObjEndAPI(&vm);
    return ret; /* want job-leak */
}

/* It ends the job on one of two ways on which it succeeds. */
static int keepsSometimes(virDomainPtr dom, int n)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0) {
        virDomainObjEndAPI(&vm);
        return -1;
    }
    if (wants(n))
        virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
    return 0; /* want job-leak */
}

/* Who begins a job as well ends one too many. */
static int endsTwice(virDomainPtr dom)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        virDomainObjEndJob(vm); /* want job-unbalanced */
    else
        virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
    return 0;
}
