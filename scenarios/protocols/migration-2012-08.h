/* The async job of a migration, which several API calls work on, one after the other (eeb008dbf, 927136706).
 *
 * A thread that works on it has a reference to the domain, as with any job: JobStart and JobStartPhase take it, JobContinue and
 * JobFinish drop it. */

enum qemuMigrationJobPhase {
    QEMU_MIGRATION_PHASE_NONE = 0,
    QEMU_MIGRATION_PHASE_PERFORM2,
    QEMU_MIGRATION_PHASE_BEGIN3,
    QEMU_MIGRATION_PHASE_PERFORM3,
    QEMU_MIGRATION_PHASE_PERFORM3_DONE,
    QEMU_MIGRATION_PHASE_CONFIRM3_CANCELLED,
    QEMU_MIGRATION_PHASE_CONFIRM3,
    QEMU_MIGRATION_PHASE_PREPARE,
    QEMU_MIGRATION_PHASE_FINISH2,
    QEMU_MIGRATION_PHASE_FINISH3,
};

/* The thread that sets the phase works on the job from then on. That another one does is only warned of, since April 2012. */
void qemuDomainObjSetJobPhase(struct qemud_driver *driver, virDomainObjPtr vm, int phase)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));

    if (!priv->job.asyncJob || held(&priv->job.asyncOwner))
        return;
    priv->job.asyncOwner = virThreadSelfID();
}

/* The async job goes on without a thread, until an API call sets its phase (08ec1d787). */
void qemuDomainObjReleaseAsyncJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(job_unbalanced, held(&priv->job.asyncOwner));

    priv->job.asyncOwner = 0;
}

int qemuMigrationJobStart(struct qemud_driver *driver, virDomainObjPtr vm, enum qemuDomainAsyncJob job)
{
    if (qemuDomainObjBeginAsyncJobWithDriver(driver, vm, job) < 0)
        return -1;
    if (job == QEMU_ASYNC_JOB_MIGRATION_IN)
        qemuDomainObjSetAsyncJobMask(vm, 0);
    else
        qemuDomainObjSetAsyncJobMask(vm, DEFAULT_JOB_MASK | JOB_MASK(QEMU_JOB_SUSPEND) | JOB_MASK(QEMU_JOB_MIGRATION_OP));
    return 0;
}

void qemuMigrationJobSetPhase(struct qemud_driver *driver, virDomainObjPtr vm, enum qemuMigrationJobPhase phase)
{
    qemuDomainObjSetJobPhase(driver, vm, phase);
}

/* This thread goes on with a job that an earlier call has left. */
void qemuMigrationJobStartPhase(struct qemud_driver *driver, virDomainObjPtr vm, enum qemuMigrationJobPhase phase)
{
    virObjectRef(vm);
    qemuMigrationJobSetPhase(driver, vm, phase);
}

/* The job goes on without a thread, until an API call goes on with it. */
bool qemuMigrationJobContinue(virDomainObjPtr vm)
{
    qemuDomainObjReleaseAsyncJob(vm);
    return virObjectUnref(vm);
}

/* Whether there is such a job to go on with. */
bool qemuMigrationJobIsActive(virDomainObjPtr vm, enum qemuDomainAsyncJob job)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));

    return priv->job.asyncJob == job;
}

bool qemuMigrationJobFinish(struct qemud_driver *driver, virDomainObjPtr vm)
{
    return qemuDomainObjEndAsyncJob(driver, vm);
}
