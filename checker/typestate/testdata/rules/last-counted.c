/* contract: counted.c */

/* The thread asks whether it has dropped the last reference, and forgets what it found. */
static void reconnects(void *opaque)
{
    struct data *data = opaque;
    virDomainObjPtr obj = data->payload;

    virDomainObjLock(obj);
    if (qemuDomainObjBeginJob(obj) < 0)
        goto cleanup;
    if (!connects(obj))
        goto error;
    ignore_value(qemuDomainObjEndJob(obj));
    goto cleanup;
error:
    if (qemuDomainObjEndJob(obj) == 0)
        obj = NULL;
    if (!virDomainObjIsActive(obj)) /* want null-vm */
        work(data);
cleanup:
    if (virDomainObjUnref(obj) > 0) /* want null-vm */
        virDomainObjUnlock(obj);
}

static void reconnectsWell(void *opaque)
{
    struct data *data = opaque;
    virDomainObjPtr obj = data->payload;

    virDomainObjLock(obj);
    if (qemuDomainObjBeginJob(obj) < 0)
        goto error;
    if (qemuDomainObjEndJob(obj) == 0)
        obj = NULL;
    if (obj && virDomainObjIsActive(obj))
        work(data);
error:
    if (obj && virDomainObjUnref(obj) > 0)
        virDomainObjUnlock(obj);
}

static void starts(virDomainObjPtr obj)
{
    startThread(reconnects, obj);
    startThread(reconnectsWell, obj);
}
