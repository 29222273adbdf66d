/* What real source does around the protocol. */
static int setUp(virConnectPtr conn, virDomainObjPtr vm, unsigned int flags)
{
    struct driver *driver = conn->privateData;
    char *path = NULL;
    int ret = -1;

    if (flags & HELD)
        virMutexLock(&driver->lock);
    if (!(path = build(vm->def, flags)))
        goto cleanup;
    driver->caps = fill(path);
    ret = 0;
cleanup:
    free(path);
    if (flags & HELD)
        virMutexUnlock(&driver->lock);
    return ret;
}

/* Nothing of this has to do with the protocol. */
static int count(struct list *all)
{
    int n = 0;
    for (; all; all = all->next)
        n++;
    return n;
}

int apiPlain(virDomainPtr dom, unsigned int flags)
{
    virDomainObjPtr vm;
    int ret = -1;

    virCheckFlags(A | B, -1);
    if (!(vm = virDomainFind(dom->uuid)))
        return -1;
    if (BeginJob(vm) < 0)
        goto cleanup;
    if (count(vm->list) > 3 || setUp(dom->conn, vm, flags) < 0)
        goto endjob;
    if (vm->def->id > 0) {
        qemuDomainObjPrivatePtr priv = vm->privateData;
        virMutexLock(&priv->mon->lock);
        if (QueryStatus(priv->mon, &vm->def->status) < 0)
            report("no answer");
        virMutexUnlock(&priv->mon->lock);
    }
    ret = 0;
endjob:
    EndJob(vm);
cleanup:
    virDomainObjUnlock(vm);
    return ret;
}

void apiLoop(virDomainPtr dom, int what)
{
    virDomainObjPtr vm = virDomainFind(dom->uuid);
    size_t i;

    if (!vm)
        return;
    for (i = 0; i < vm->def->ndisks; i++) {
        if (vm->def->disks[i]->bus == 3)
            continue;
        if (BeginJob(vm) < 0)
            break;
        EndJob(vm);
    }
    for (i = 0; i < 10; i++)
        sum(i);
    switch (what) {
    case START:
        vm->active = 1;
        /* fallthrough */
    case RESUME:
        touch(what);
        break;
    default:
        vm->active = compute();
    }
    VIR_WITH_OBJECT_LOCK_GUARD(vm->other) {
        vm->active--;
    }
    virDomainObjUnlock(vm);
}

/* A callback: the monitor is that of the domain. */
void handleEOF(qemuMonitorPtr mon, virDomainObjPtr vm, void *opaque)
{
    virMutexLock(&mon->lock);
    virMutexLock(&vm->other->lock);
    notify(opaque, vm);
    opaque->callback(vm);
    virMutexUnlock(&mon->lock);
}

/* Which domain this is, is not known. */
int lookUp(virConnectPtr conn, int id)
{
    virDomainPtr dom = NULL;
    virDomainObjPtr vm = virDomainFind(id);
    if (vm)
        dom = virGetDomain(conn, vm->def->name);
    if (vm)
        virDomainObjUnlock(vm);
    return dom;
}

int unknownObject(virDomainPtr dom)
{
    virDomainObjPtr vm = assignDef(dom);
    EndJob(vm);
    return 0;
}
