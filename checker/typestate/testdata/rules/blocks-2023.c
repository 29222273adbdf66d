/* contract: jobs.c */

/* Who calls it has the lock of the domain. */
static int wipe(virDomainObj *vm, int domid)
{
    if (wants(domid))
        return xenWipe(domid); /* warn block-under-lock */
    return 0;
}

static int destroy(virDomainPtr dom, int domid)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret;

    if (!vm)
        return -1;
    ret = wipe(vm, domid);
    virDomainObjEndAPI(&vm);
    return ret;
}

/* Here as well, in the function itself. */
static int wipeAtOnce(virDomainPtr dom, int domid)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret;

    if (!vm)
        return -1;
    ret = xenWipe(domid); /* warn block-under-lock */
    virDomainObjEndAPI(&vm);
    return ret;
}

/* It lets go of the lock, where it is given a domain. */
static int wipeWell(virDomainObj *vm, int domid)
{
    int ret;

    if (vm)
        virObjectUnlock(vm);
    ret = xenWipe(domid);
    if (vm)
        virObjectLock(vm);
    return ret;
}

static int destroyWell(virDomainPtr dom, int domid)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret;

    if (!vm)
        return -1;
    ret = wipeWell(vm, domid);
    virDomainObjEndAPI(&vm);
    return ret;
}

/* That it sleeps with the lock says nothing of who has it. */
static void letGo(virDomainObj *vm)
{
    virObjectUnlock(vm);
}

static int wipeOrNot(virDomainObj *vm, int domid)
{
    int ret;

    if (wants(domid))
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        return -1;
    ret = xenWipe(domid); /* warn block-under-lock */
    virDomainObjEndJob(vm);
    letGo(vm); /* want bad-unlock */
    return ret;
}

static int destroyOrNot(virDomainPtr dom, int domid)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);

    if (!vm)
        return -1;
    if (wipeOrNot(vm, domid) < 0) {
        virDomainObjEndAPI(&vm);
        return -1;
    }
    virObjectUnref(vm);
    return 0;
}
