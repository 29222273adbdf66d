/* contract: jobs.c */
/* Who fails and keeps the lock that it gives back where it succeeds locks for nobody. */

static int qemuEventStops(virDomainObj *vm, int reason)
{
    virObjectLock(vm);
    if (virDomainObjBeginJob(vm, VIR_JOB_DESTROY) < 0)
        return -1; /* want lock-leak */
    stops(vm, reason);
    virDomainObjEndJob(vm);
    virObjectUnlock(vm);
    return 0;
}

/* This one does, where it finds what it looks for. */
static int qemuLocksIfThere(virDomainObj *vm, int id)
{
    virObjectLock(vm);
    if (vm->wanted != id) {
        virObjectUnlock(vm);
        return -1;
    }
    return 0;
}

/* And this one always does. */
static int qemuLocksAlways(virDomainObj *vm, int id)
{
    virObjectLock(vm);
    if (vm->wanted != id)
        return -1;
    return 0;
}

static void qemuUsesBoth(virDomainObj *vm, int id)
{
    if (qemuLocksIfThere(vm, id) == 0)
        virObjectUnlock(vm);
    ignore_value(qemuLocksAlways(vm, id));
    virObjectUnlock(vm);
}
