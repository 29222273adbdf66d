/* What becomes of an event that needs a job, from February 2016 to 2018: a worker takes it on,
 * for the event loop is needed for QEMU's answers. */

/* The worker has the domain locked and referenced, and ends the call. */
void processMonitorEOFEvent(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    if (qemuProcessBeginStopJob(driver, vm, QEMU_JOB_DESTROY, true) < 0)
        return;
    if (virDomainObjIsActive(vm))
        qemuProcessStop(driver, vm, 0, QEMU_ASYNC_JOB_NONE, 0);
    qemuDomainObjEndJob(driver, vm);
    qemuDomainRemoveInactive(driver, vm);
}
