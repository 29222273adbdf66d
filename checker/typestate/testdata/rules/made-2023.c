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
