/* Handing the async job of a migration on, from December 2014 to 2021. */

void qemuMigrationJobSetPhase(virQEMUDriverPtr driver, virDomainObjPtr vm, int phase)
{
    qemuDomainObjSetJobPhase(driver, vm, phase);
}

/* A later call adopts the job. It has to look first whether it is there: see JobIsActive. */
void qemuMigrationJobStartPhase(virQEMUDriverPtr driver, virDomainObjPtr vm, int phase)
{
    qemuMigrationJobSetPhase(driver, vm, phase);
}

/* The call ends, and the job goes on. */
void qemuMigrationJobContinue(virDomainObjPtr vm)
{
    qemuDomainObjReleaseAsyncJob(vm);
}

bool qemuMigrationJobIsActive(virDomainObjPtr vm, qemuDomainAsyncJob job)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->parent.lock));

    return priv->job.asyncJob == job;
}

void qemuMigrationJobFinish(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    qemuDomainObjEndAsyncJob(driver, vm);
}
