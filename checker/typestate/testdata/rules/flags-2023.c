/* contract: jobs.c */

enum {
    WITH_JOB = (1 << 0),
    WITH_BACKING = (1 << 1),
};

/* One flag says what another one does not. */
static int gathers(virDomainObj *vm, unsigned int flags)
{
    unsigned int mine = 0;
    int rc;

    if (flags & WITH_BACKING)
        mine |= WITH_BACKING;
    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) == 0)
        mine |= WITH_JOB;
    rc = work(vm, mine);
    if (mine & WITH_JOB)
        virDomainObjEndJob(vm);
    return rc;
}

static int gathersWrong(virDomainObj *vm, unsigned int flags)
{
    unsigned int mine = 0;
    int rc;

    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) < 0)
        return -1;
    mine |= WITH_JOB;
    mine &= ~WITH_JOB;
    rc = work(vm, mine);
    if (mine & WITH_JOB)
        virDomainObjEndJob(vm);
    return rc;
}

static int drops(virDomainPtr dom, unsigned int flags)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int rc;

    if (!vm)
        return -1;
    rc = gathersWrong(vm, flags);
    virDomainObjEndAPI(&vm);
    return rc; /* want job-leak */
}
