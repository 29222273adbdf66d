/* contract: jobs.c */

#define HAVE_JOB(flags) ((flags) & STATS_HAVE_JOB)

static int statsBalloon(virDomainObj *vm, records *r, unsigned int privflags)
{
    if (!HAVE_JOB(privflags) || !virDomainObjIsActive(vm))
        return 0;
    qemuDomainObjEnterMonitor(vm);
    qemuDomainObjExitMonitor(vm);
    return 0;
}

static int statsBlock(virDomainObj *vm, records *r, unsigned int privflags)
{
    if (HAVE_JOB(privflags) && virDomainObjIsActive(vm)) {
        qemuDomainObjEnterMonitor(vm);
        qemuDomainObjExitMonitor(vm);
    }
    return 0;
}

/* Who asks for the statistics may have got no job. */
static int statsThreads(virDomainObj *vm, records *r, unsigned int privflags)
{
    if (!virDomainObjIsActive(vm))
        return 0;
    qemuDomainObjEnterMonitor(vm); /* warn no-job */
    qemuDomainObjExitMonitor(vm);
    return 0;
}

/* Needs none. */
static int statsState(virDomainObj *vm, records *r, unsigned int privflags)
{
    return add(r, virDomainObjIsActive(vm));
}

static struct worker workers[] = {
    { statsBalloon, STATS_BALLOON }, { statsBlock, STATS_BLOCK }, { statsThreads, STATS_THREADS },
    { statsState, STATS_STATE },
};
