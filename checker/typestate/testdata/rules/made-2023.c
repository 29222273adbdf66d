/* contract: jobs.c */

virDomainObj *domainNew(int n)
{
    virDomainObj *vm;

    if (!(vm = virObjectLockableNew(domainClass)))
        return NULL;
    if (prepare(vm, n) < 0) {
        virObjectUnref(vm);
        return NULL;
    }
    virObjectLock(vm);
    return vm;
}

static int adds(hash *objs, int n)
{
    virDomainObj *vm;

    if (!(vm = domainNew(n)))
        return -1;
    if (virHashAddEntry(objs, "name", vm) < 0) {
        virObjectUnref(vm);
        return -1;
    }
    return 0; /* want lock-leak */
}

static int addsUnlocked(hash *objs, int n)
{
    virDomainObj *vm;

    if (!(vm = domainNew(n)))
        return -1;
    if (virHashAddEntry(objs, "name", vm) < 0) {
        virObjectUnref(vm);
        return -1;
    }
    virObjectUnlock(vm);
    return 0;
}

static int addsAll(hash *objs, int n)
{
    virDomainObj *vm = NULL;

    while (n-- > 0) {
        if (!(vm = domainNew(n))) /* want lock-leak */
            goto error;
        if (virHashAddEntry(objs, "name", vm) < 0)
            goto error;
        vm = NULL;
    }
    return 0;

error:
    virObjectUnref(vm);
    return -1;
}

static virDomainObj *returns(int n)
{
    virDomainObj *vm = domainNew(n);

    if (vm && n > 1)
        prepare(vm, n);
    return vm;
}

struct server *serverNew(const char *name)
{
    struct server *srv = virObjectLockableNew(serverClass);

    if (!srv)
        return NULL;
    if (addWorkers(srv, name) < 0) {
        virObjectUnref(srv);
        return NULL;
    }
    return srv;
}

struct server *addServer(struct daemon *dmn, const char *name)
{
    struct server *srv = serverNew(name);

    if (!srv)
        return NULL;
    if (virHashAddEntry(dmn->servers, name, srv) < 0) {
        virObjectUnref(srv);
        return NULL;
    }
    return srv; /* want refcount */
}

struct server *addServerWithReference(struct daemon *dmn, const char *name)
{
    struct server *srv = serverNew(name);

    if (!srv)
        return NULL;
    if (virHashAddEntry(dmn->servers, name, srv) < 0) {
        virObjectUnref(srv);
        return NULL;
    }
    virObjectRef(srv);
    return srv;
}

/* What it is part of ends it. */
static struct controller *controllerNew(int n)
{
    struct controller *ctrl = g_new0(controller, 1);

    if (!(ctrl->vm = domainNew(n)))
        goto error;
    if (addTimeout(ctrl) < 0)
        goto error;
    return ctrl;

error:
    controllerFree(ctrl);
    return NULL;
}

static virDomainObj *parse(int n)
{
    g_autoptr(virDomainObj) vm = NULL;

    if (!(vm = domainNew(n)))
        return NULL;
    if (n > 1)
        return NULL;
    vm->persistent = 1;
    return g_steal_pointer(&vm);
}
