/* A long job that nobody is left to end: what it let in is over, and so is what it kept out. */
void discard(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    if (qemuDomainObjBeginAsyncJob(driver, vm, QEMU_ASYNC_JOB_DUMP) == 0) {
        qemuDomainObjSetAsyncJobMask(vm, DEFAULT_JOB_MASK | JOB_MASK(QEMU_JOB_MODIFY));
        qemuDomainObjDiscardAsyncJob(driver, vm);
        virDomainObjUnref(vm);
    }
    virDomainObjUnlock(vm);
}
