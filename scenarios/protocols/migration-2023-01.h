/* The async job of a migration in libvirt 9.0.0: it is handed from one API call to the next. */

/* This release has no guest that cannot be migrated. */
bool qemuMigrationJobIsAllowed(virDomainObj *vm)
{
    return true;
}

int qemuMigrationJobStart(virDomainObj *vm, virDomainAsyncJob job, unsigned int apiFlags)
{
    unsigned long long mask = JOB_MASK(VIR_JOB_MODIFY_MIGRATION_SAFE);

    if (!qemuMigrationJobIsAllowed(vm))
        return -1;
    if (job != VIR_ASYNC_JOB_MIGRATION_IN)
        mask |= VIR_JOB_DEFAULT_MASK | JOB_MASK(VIR_JOB_SUSPEND) | JOB_MASK(VIR_JOB_MIGRATION_OP);
    if (virDomainObjBeginAsyncJob(vm, job, 0, apiFlags) < 0)
        return -1;
    qemuDomainObjSetAsyncJobMask(vm, mask);
    return 0;
}

/* A later call adopts the job. It has to look first whether it is there: see JobIsActive. */
int qemuMigrationJobStartPhase(virDomainObj *vm, int phase)
{
    qemuDomainObjStartJobPhase(vm, phase);
    return 0;
}

int qemuMigrationJobSetPhase(virDomainObj *vm, int phase)
{
    qemuDomainObjSetJobPhase(vm, phase);
    return 0;
}

/* The call ends, and the job goes on. The callback ends it where the guest stops before another
 * call comes. */
void qemuMigrationJobContinue(virDomainObj *vm, qemuDomainCleanupCallback cleanup)
{
    qemuDomainCleanupAdd(vm, cleanup);
    qemuDomainObjReleaseAsyncJob(vm);
}

bool qemuMigrationJobIsActive(virDomainObj *vm, virDomainAsyncJob job)
{
    check(missing_lock, held(&vm->parent.lock));

    return vm->job->asyncJob == job;
}

void qemuMigrationJobFinish(virDomainObj *vm)
{
    virDomainObjEndAsyncJob(vm);
}

/* The callback of a migration that comes in. */
void qemuMigrationDstPrepareCleanup(virQEMUDriver *driver, virDomainObj *vm)
{
    if (!qemuMigrationJobIsActive(vm, VIR_ASYNC_JOB_MIGRATION_IN))
        return;
    qemuDomainObjDiscardAsyncJob(vm);
}
