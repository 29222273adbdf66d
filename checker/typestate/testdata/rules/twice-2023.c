/* contract: jobs.c */

/* Ends what it is given. */
static int pulls(virDomainObj *vm, int n)
{
    int ret = n > 2 ? pull(vm, n) : -1;

    virDomainObjEndAPI(&vm);
    return ret;
}

static int endsTwice(virDomainPtr dom, int n)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    int ret;

    if (!vm)
        return -1;
    ret = pulls(vm, n);
    virDomainObjEndAPI(&vm); /* want bad-unlock */ /* warn refcount */
    return ret;
}

static int leavesItToTheCallee(virDomainPtr dom, int n)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);

    if (!vm)
        return -1;
    if (n < 0) {
        virDomainObjEndAPI(&vm);
        return -1;
    }
    return pulls(vm, n);
}

static int dropsTwice(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);

    if (!vm)
        return -1;
    virObjectUnlock(vm);
    virObjectUnref(vm);
    virObjectUnref(vm); /* want use-after-release */
    return 0;
}

/* One for the thread. */
static int keepsOne(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);

    if (!vm)
        return -1;
    virObjectRef(vm);
    if (startThread(worker, vm) < 0)
        virObjectUnref(vm);
    virDomainObjEndAPI(&vm);
    return 0;
}

/* The table has one. */
static int dropsAfterStoring(virDomainPtr dom, struct table *table)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);

    if (!vm)
        return -1;
    virObjectRef(vm);
    table->first = vm;
    virDomainObjEndAPI(&vm);
    return 0;
}

/* How many there are is not known of what one is given. */
static void dropsWhatItIsGiven(virDomainObj *vm)
{
    virObjectUnref(vm);
}

/* One of the two was that of a table. */
static int takesOutOfTheTable(virDomainObj *vm, struct table *table)
{
    if (removeFrom(table, vm) == 0)
        virObjectUnref(vm);
    virDomainObjEndAPI(&vm);
    return 0;
}

static int leavesTheTable(virDomainPtr dom, struct table *table)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);

    return vm ? takesOutOfTheTable(vm, table) : -1;
}

static void drop(virDomainObj *vm)
{
    virObjectUnref(vm);
}

static void leavesTheTableHere(virDomainPtr dom, struct table *table)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);

    if (!vm)
        return;
    if (removeFrom(table, vm) == 0)
        drop(vm);
    virDomainObjEndAPI(&vm);
}
