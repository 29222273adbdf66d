/* Leaving the monitor from January 2016 to 2021: below 0 the guest has stopped meanwhile. A
 * nested job ends as any other. */
int qemuDomainObjExitMonitor(virQEMUDriverPtr driver, virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    qemuDomainObjLeaveMonitor(obj);
    if (priv->job.active == QEMU_JOB_ASYNC_NESTED)
        qemuDomainObjEndJob(driver, obj);
    return virDomainObjIsActive(obj) ? 0 : -1;
}
