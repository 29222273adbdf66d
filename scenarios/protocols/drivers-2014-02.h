/* libxl's jobs from February 2014 (4b4b61c32) to June 2016. As those of QEMU's driver of 2013: who
 * has one, or waits for one, has a reference, and EndJob says whether the domain is there still.
 * There are no async ones. */

int libxlDomainObjBeginJob(void *driver, virDomainObjPtr obj, int job)
{
    virObjectRef(obj);
    if (qemuDomainObjWaitForJob(qemu_driver, obj, QEMU_JOB_MODIFY, QEMU_ASYNC_JOB_NONE) < 0) {
        virObjectUnref(obj);
        return -1;
    }
    return 0;
}

bool libxlDomainObjEndJob(void *driver, virDomainObjPtr obj)
{
    qemuDomainObjPrivatePtr priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&priv->job.active));

    priv->job.active = QEMU_JOB_NONE;
    virCondSignal(&priv->job.cond);
    return virObjectUnref(obj);
}
