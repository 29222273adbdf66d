/* A start is an async job since November 2015 (04c721f22), which lets nobody in but who destroys
 * the domain. */
int qemuProcessBeginJob(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    if (qemuDomainObjBeginAsyncJob(driver, vm, QEMU_ASYNC_JOB_START) < 0)
        return -1;
    qemuDomainObjSetAsyncJobMask(vm, QEMU_JOB_NONE);
    return 0;
}

void qemuProcessEndJob(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    qemuDomainObjEndAsyncJob(driver, vm);
}
