/* contract: jobs.c */

/* The lock is dropped for a long call, and the argument is read after that: one finding. */
static int destroys(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret;

    if (!vm)
        return -1;
    virObjectUnlock(vm);
    ret = destroy(vm->def->id); /* want missing-lock */
    ret += destroy(vm->def->id);
    virObjectLock(vm);
    virDomainObjEndAPI(&vm);
    return ret;
}

static int laterOn(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    virDomainDef *def;
    int ret;

    if (!vm)
        return -1;
    def = vm->def;
    virObjectUnlock(vm);
    ret = destroy(def->id); /* want missing-lock stale-data */
    virObjectLock(vm);
    virDomainObjEndAPI(&vm);
    return ret;
}

/* Callbacks of a list: nobody has the lock yet. */
static int looksTooEarly(virDomainObj *vm, void *opaque)
{
    if (!virDomainObjIsActive(vm)) /* want missing-lock */
        return 0;
    virObjectLock(vm);
    work(vm);
    virObjectUnlock(vm);
    return 0;
}

static int finds(const void *payload, const void *opaque)
{
    virDomainObj *vm = (virDomainObj *) payload;

    virObjectLock(vm);
    if (matches(vm, opaque))
        return 1;
    virObjectUnlock(vm);
    return 0;
}

static int fails(const void *payload, const void *opaque)
{
    virDomainObj *vm = (virDomainObj *) payload;

    virObjectLock(vm);
    if (!matches(vm, opaque))
        return -1; /* want lock-leak */
    virObjectUnlock(vm);
    return 0;
}

struct filter {
    virMutex lock;
};

struct data {
    struct filter **filters;
    int n;
};

static void collects(void *payload, void *opaque)
{
    struct data *data = opaque;
    struct filter *f = payload;

    virMutexLock(&f->lock);
    data->filters[data->n++] = f;
}

static void forEach(virDomainObjList *list, struct data *data)
{
    search(list, looksTooEarly, data);
    search(list, finds, data);
    search(list, fails, data);
    search(list, collects, data);
}

/* One unlock too early, two calls that miss it. */
static int missesTwice(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret = -1;

    if (!vm)
        return -1;
    virObjectUnlock(vm);
    if (virDomainObjIsActive(vm)) /* want missing-lock */
        ret = 0;
    if (virDomainObjCheckActive(vm) < 0)
        ret = -1;
    virObjectLock(vm);
    virDomainObjEndAPI(&vm);
    return ret;
}
