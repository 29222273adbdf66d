/* Leaving the monitor in December 2014. The nested job has no reference any more, and one is
 * dropped all the same: libvirt repaired that in January 2015 (79bb49a83). */
void qemuDomainObjExitMonitor(virQEMUDriverPtr driver, virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    qemuDomainObjLeaveMonitor(obj);
    if (priv->job.active == QEMU_JOB_ASYNC_NESTED) {
        priv->job.active = QEMU_JOB_NONE;
        virCondSignal(&priv->job.cond);
        virObjectUnref(obj);
    }
}
