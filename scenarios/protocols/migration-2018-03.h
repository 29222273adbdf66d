/* The async job of a migration from 2018 to 2021. */

int qemuMigrationJobStart(virQEMUDriverPtr driver, virDomainObjPtr vm, qemuDomainAsyncJob job, unsigned long apiFlags)
{
    unsigned long long mask = QEMU_JOB_NONE;

    if (job != QEMU_ASYNC_JOB_MIGRATION_IN)
        mask = QEMU_JOB_DEFAULT_MASK | JOB_MASK(QEMU_JOB_SUSPEND) | JOB_MASK(QEMU_JOB_MIGRATION_OP);
    if (qemuDomainObjBeginAsyncJob(driver, vm, job, 0, apiFlags) < 0)
        return -1;
    qemuDomainObjSetAsyncJobMask(vm, mask);
    return 0;
}

/* The callback that ends a migration which comes in where the guest stops between two calls. */
void qemuMigrationDstPrepareCleanup(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    if (!qemuMigrationJobIsActive(vm, QEMU_ASYNC_JOB_MIGRATION_IN))
        return;
    qemuDomainObjDiscardAsyncJob(driver, vm);
}
