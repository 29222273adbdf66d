/* A sync job for the thread that has the async job, until EnterMonitor alone begins it (d9fcd17ec). */

int qemuDomainObjBeginNestedJob(struct qemud_driver *driver, virDomainObjPtr vm)
{
    return qemuDomainObjBeginJobInternal(driver, false, vm, QEMU_JOB_ASYNC_NESTED, QEMU_ASYNC_JOB_NONE);
}

int qemuDomainObjBeginNestedJobWithDriver(struct qemud_driver *driver, virDomainObjPtr vm)
{
    return qemuDomainObjBeginJobInternal(driver, true, vm, QEMU_JOB_ASYNC_NESTED, QEMU_ASYNC_JOB_NONE);
}
