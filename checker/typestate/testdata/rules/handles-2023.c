/* contract: jobs.c */

/* The ends of calls. */
static void endCall(virDomainObj **vm)
{
    virDomainObjEndAPI(vm);
}

static int ends(virDomainPtr dom)
{
    virDomainObj *vm;
    int id;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    id = vm->def->id;
    endCall(&vm);
    return id;
}

/* Unlocked, and the reference stays. */
static int unlocksOnly(virDomainPtr dom)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    virObjectUnlock(vm);
    return 0; /* want refcount */
}

static int afterwards(virDomainPtr dom)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    virDomainObjEndAPI(&vm);
    return vm->def->id; /* want null-vm */
}

/* A guard has let go by the time of the end. */
static int guarded(virDomainObj *vm)
{
    VIR_LOCK_GUARD lock = virObjectLockGuard(vm);

    if (!virDomainObjIsActive(vm))
        return -1;
    return vm->def->id;
}

static int guardedTwice(virDomainPtr dom)
{
    virDomainObj *vm;
    int id;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    id = guarded(vm); /* want self-deadlock */
    virDomainObjEndAPI(&vm);
    return id;
}

/* The same through a pointer to the pointer: it is NULL afterwards. */
static void endCleared(virDomainObj **vm)
{
    if (!*vm)
        return;
    virObjectUnlock(*vm);
    g_clear_pointer(vm, virObjectUnref);
}

static int endsTwice(virDomainPtr dom)
{
    virDomainObj *vm;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (work(vm)) {
        endCleared(&vm);
        ret = 0;
    }
    endCleared(&vm);
    return ret;
}
