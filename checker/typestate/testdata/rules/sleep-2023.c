/* contract: jobs.c */

/* The event for which it sleeps comes by way of the monitor. */
static int sleepsInside(virDomainObj *vm, virDomainDiskDef *disk)
{
    int retries = 10;

    if (qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_DUMP) < 0)
        return -1;
    while (retries-- && !disk->open)
        g_usleep(500 * 1000); /* want block-under-lock */
    qemuDomainObjExitMonitor(vm);
    return 0;
}

static int sleepsOutside(virDomainObj *vm, virDomainDiskDef *disk)
{
    int retries = 10;

    if (qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_DUMP) < 0)
        return -1;
    qemuDomainObjExitMonitor(vm);
    while (retries-- && !disk->open) {
        virObjectUnlock(vm);
        g_usleep(500 * 1000);
        virObjectLock(vm);
    }
    return 0;
}
