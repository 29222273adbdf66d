/* The async job of a migration in February 2013: it is handed from one API call to the next, and
 * each call has a reference for it. */

int qemuMigrationJobStart(virQEMUDriverPtr driver, virDomainObjPtr vm, qemuDomainAsyncJob job)
{
    if (qemuDomainObjBeginAsyncJob(driver, vm, job) < 0)
        return -1;
    if (job == QEMU_ASYNC_JOB_MIGRATION_IN)
        qemuDomainObjSetAsyncJobMask(vm, QEMU_JOB_NONE);
    else
        qemuDomainObjSetAsyncJobMask(vm, QEMU_JOB_DEFAULT_MASK | JOB_MASK(QEMU_JOB_SUSPEND) |
                                             JOB_MASK(QEMU_JOB_MIGRATION_OP));
    return 0;
}

void qemuMigrationJobSetPhase(virQEMUDriverPtr driver, virDomainObjPtr vm, int phase)
{
    qemuDomainObjSetJobPhase(driver, vm, phase);
}

/* A later call adopts the job. It has to look first whether it is there: see JobIsActive. */
void qemuMigrationJobStartPhase(virQEMUDriverPtr driver, virDomainObjPtr vm, int phase)
{
    virObjectRef(vm);
    qemuMigrationJobSetPhase(driver, vm, phase);
}

/* The call ends, and the job goes on. False where the domain is gone. */
bool qemuMigrationJobContinue(virDomainObjPtr vm)
{
    qemuDomainObjReleaseAsyncJob(vm);
    return virObjectUnref(vm);
}

bool qemuMigrationJobIsActive(virDomainObjPtr vm, qemuDomainAsyncJob job)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->parent.lock));

    return priv->job.asyncJob == job;
}

bool qemuMigrationJobFinish(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    return qemuDomainObjEndAsyncJob(driver, vm);
}

/* The callback that ends a migration which comes in where the guest stops between two calls. */
void qemuMigrationPrepareCleanup(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    if (!qemuMigrationJobIsActive(vm, QEMU_ASYNC_JOB_MIGRATION_IN))
        return;
    qemuDomainObjDiscardAsyncJob(driver, vm);
}
