/* The async job of a migration from December 2014 to 2018: it is handed from one API call to the
 * next. */

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

/* The callback that ends a migration which comes in where the guest stops between two calls. */
void qemuMigrationPrepareCleanup(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    if (!qemuMigrationJobIsActive(vm, QEMU_ASYNC_JOB_MIGRATION_IN))
        return;
    qemuDomainObjDiscardAsyncJob(driver, vm);
}
