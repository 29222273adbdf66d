/* contract: jobs.c */

/* The disk was looked up before the wait for the job. */
static int early(virDomainPtr dom, const char *path)
{
    virDomainObj *vm;
    virDomainDiskDef *disk;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    disk = virDomainDiskByName(vm->def, path);
    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) < 0)
        goto cleanup;
    ret = disk->size; /* want stale-data */
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static int late(virDomainPtr dom, const char *path)
{
    virDomainObj *vm;
    virDomainDiskDef *disk;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) < 0)
        goto cleanup;
    disk = virDomainDiskByName(vm->def, path);
    ret = disk->size;
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static int earlyDefinition(virDomainPtr dom)
{
    virDomainObj *vm;
    virDomainDef *def;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    def = vm->def;
    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) < 0)
        goto cleanup;
    ret = def->id; /* want stale-data */
    def = vm->def;
    ret += def->id;
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

/* Some paths have no disk, and more than are kept apart: the one with an old disk stays. */
static int oneOfMany(virDomainPtr dom, const char *path, int n, int m)
{
    virDomainObj *vm;
    virDomainDiskDef *disk;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (n != 3) {
        disk = NULL;
        if (m > 1)
            ret = 2;
        else if (m < -1)
            ret = 3;
        else if (m == 1)
            ret = 4;
    } else {
        while (waiting(path))
            sleepALittle();
        while (busy(path))
            sleepALittle();
        while (starting(path))
            sleepALittle();
        disk = virDomainDiskByName(vm->def, path);
    }
    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) < 0)
        goto cleanup;
    if (disk)
        ret = disk->size; /* want stale-data */
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

/* Nobody who calls it by its address knows that the lock is still held. */
static void callback(void *opaque)
{
    virDomainObj *vm = opaque;

    virObjectLock(vm);
    work(vm);
} /* want lock-leak */

static void registers(virDomainObj *vm)
{
    addCallback(callback, vm);
}
