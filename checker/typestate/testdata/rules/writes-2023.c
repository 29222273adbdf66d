/* contract: jobs.c */

struct _virDomainDiskDef {
    int size;
    void *privateData;
};

struct _virDomainDef {
    char *title;
    virDomainDiskDef **disks;
};

static void setTitle(virDomainDef *def, const char *title)
{
    def->title = title;
}

static void setBoth(virDomainDef *def, const char *title)
{
    setTitle(def, title);
}

static int readTitle(virDomainDef *def)
{
    virDomainDef copy;

    copy.title = def->title;
    return copy.title != NULL;
}

/* It looks at the domain, and does not change it itself. */
static int setMetadata(virDomainObj *vm, const char *title)
{
    if (!virDomainObjIsActive(vm))
        return -1;
    setBoth(vm->def, title);
    return 0;
}

/* The definition is changed in the middle of what the owner of a job does. */
static int withoutJob(virDomainPtr dom, const char *title)
{
    virDomainObj *vm;
    int ret;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    ret = setMetadata(vm, title); /* warn no-job */
    virDomainObjEndAPI(&vm);
    return ret;
}

static int withJob(virDomainPtr dom, const char *title)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    readTitle(vm->def);
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    ret = setMetadata(vm, title);
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static void mark(virDomainDiskDef *disk)
{
    diskPrivate *priv = DISK_PRIVATE(disk);

    priv->busy = true;
}

static bool isMarked(virDomainDiskDef *disk)
{
    diskPrivate *priv = DISK_PRIVATE(disk);

    return priv->busy;
}

/* What is noted of the disk is read by others, who have the lock. */
static void marksInside(virDomainObj *vm, int i)
{
    qemuDomainObjPrivate *priv = vm->privateData;
    virDomainDiskDef *disk = vm->def->disks[i];

    if (qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_DUMP) < 0)
        return;
    mark(disk); /* want def-in-monitor */
    if (isMarked(disk))
        command(priv->mon);
    qemuDomainObjExitMonitor(vm);
}

static void marksBefore(virDomainObj *vm, int i)
{
    qemuDomainObjPrivate *priv = vm->privateData;
    virDomainDiskDef *disk = vm->def->disks[i];

    mark(disk);
    if (qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_DUMP) < 0)
        return;
    command(priv->mon);
    qemuDomainObjExitMonitor(vm);
}
