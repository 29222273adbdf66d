/* One more job than there is room for is refused at once. */
void ask_or_be_refused(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    ask(vm);
    virDomainObjLock(vm);
    assert(priv->jobs_queued <= driver->max_queued);
    virDomainObjUnlock(vm);
}

/* Asks QEMU twice during a long job. Nobody else is there, so nobody may be refused. */
void save_in_two_rounds(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int entered;

    qemuDriverLock(driver);
    virDomainObjLock(vm);
    if (qemuDomainObjBeginAsyncJobWithDriver(driver, vm, QEMU_ASYNC_JOB_SAVE) == 0) {
        for (int round = 0; round < 2; round++) {
            entered = qemuDomainObjEnterMonitorAsync(driver, vm, QEMU_ASYNC_JOB_SAVE);
            assert(entered == 0);
            qemuMonitorCommand(priv->mon);
            qemuDomainObjExitMonitorWithDriver(driver, vm);
        }
        qemuDomainObjEndAsyncJob(driver, vm);
    }
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}
