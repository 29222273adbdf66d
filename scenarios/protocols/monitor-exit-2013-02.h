/* Leaving the monitor in February 2013. A nested job ends with it, reference and all. */
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
