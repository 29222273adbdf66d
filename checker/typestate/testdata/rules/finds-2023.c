/* contract: jobs.c */

static moment *momentByName(virDomainObj *vm, const char *name)
{
    moment *found = momentsFind(vm->snapshots, name);

    if (!found)
        complain(name);
    return found;
}

/* It finds what another one has found. */
static moment *momentOf(virDomainObj *vm, virDomainMomentPtr handle)
{
    return momentByName(vm, handle->name);
}

/* A text that says which of several disks. */
static char *aliasOf(virDomainObj *vm, const char *path)
{
    int i = diskIndex(vm->def, path);

    return i < 0 ? NULL : textOf("drive", vm->def->disks[i]->alias);
}

/* A text that is made of what stays. */
static char *saveFile(virDomainObj *vm, const char *dir)
{
    return textOf(dir, vm->def->name);
}

/* While the job is waited for, somebody else may take the snapshot away. */
static int revertsToOld(virDomainPtr dom, virDomainMomentPtr handle)
{
    virDomainObj *vm;
    moment *snap;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (!(snap = momentOf(vm, handle)))
        goto cleanup;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    ret = snap->state; /* want stale-data */
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static int reverts(virDomainPtr dom, virDomainMomentPtr handle)
{
    virDomainObj *vm;
    moment *snap;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    if ((snap = momentOf(vm, handle)))
        ret = snap->state;
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static int asksOldAlias(virDomainPtr dom, const char *path, const char *dir)
{
    virDomainObj *vm;
    qemuDomainObjPrivate *priv;
    char *alias;
    char *file;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    alias = aliasOf(vm, path);
    file = saveFile(vm, dir);
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    priv = vm->privateData;
    if (virDomainObjIsActive(vm)) {
        qemuDomainObjEnterMonitor(vm);
        ret = command(priv->mon, file);
        ret = command(priv->mon, alias); /* want stale-data */
        qemuDomainObjExitMonitor(vm);
    }
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static event *newEvent(virDomainDef *def)
{
    event *e = g_new0(event, 1);

    e->id = def->id;
    return e;
}

/* What it returns is new. */
static event *eventOf(virDomainObj *vm)
{
    return newEvent(vm->def);
}

static int sends(virDomainPtr dom)
{
    virDomainObj *vm;
    event *e;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    e = eventOf(vm);
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    ret = e->id;
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}
