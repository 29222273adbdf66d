/* A start is an async job, which lets nobody in but who destroys the domain. */
int qemuProcessBeginJob(virQEMUDriverPtr driver, virDomainObjPtr vm, int operation, unsigned long apiFlags)
{
    if (qemuDomainObjBeginAsyncJob(driver, vm, QEMU_ASYNC_JOB_START, operation, apiFlags) < 0)
        return -1;
    qemuDomainObjSetAsyncJobMask(vm, QEMU_JOB_NONE);
    return 0;
}

void qemuProcessEndJob(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    qemuDomainObjEndAsyncJob(driver, vm);
}
