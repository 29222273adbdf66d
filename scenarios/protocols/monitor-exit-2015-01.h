/* Leaving the monitor since January 2015: below 0 the guest has stopped meanwhile. The nested
 * job is not counted off the queue, until January 2016 (bf657dffb). */
int qemuDomainObjExitMonitor(virQEMUDriverPtr driver, virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    qemuDomainObjLeaveMonitor(obj);
    if (priv->job.active == QEMU_JOB_ASYNC_NESTED) {
        priv->job.active = QEMU_JOB_NONE;
        virCondSignal(&priv->job.cond);
    }
    return virDomainObjIsActive(obj) ? 0 : -1;
}
