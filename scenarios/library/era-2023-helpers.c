/* What the helpers of libvirt 9.0.0 promise, asked one by one. Most threads here are alone: what
 * they assert holds whatever happens elsewhere. */

static virDomainObj *locked(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);

    assert(vm);
    return vm;
}

/* Configurations. */

void definitions(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    virDomainDef *live, *pers;
    unsigned int flags = VIR_DOMAIN_AFFECT_CURRENT;
    int ret;

    ret = virDomainObjBeginJob(vm, VIR_JOB_MODIFY);
    assert(ret == 0);
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == 0 && flags == VIR_DOMAIN_AFFECT_LIVE);
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == 0 && flags == VIR_DOMAIN_AFFECT_LIVE);
    flags = VIR_DOMAIN_AFFECT_CONFIG;
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == 0 && flags == VIR_DOMAIN_AFFECT_CONFIG);

    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CURRENT, &live, &pers);
    assert(ret == 0 && live == vm->def && !pers);
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CONFIG, &live, &pers);
    assert(ret == 0 && !live && pers == vm->newDef);
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CONFIG | VIR_DOMAIN_AFFECT_LIVE, &live, &pers);
    assert(ret == 0 && live == vm->def && pers == vm->newDef);
    live = vm->newDef;
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CONFIG, &live, NULL);
    assert(ret == 0 && !live);
    pers = vm->def;
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_LIVE, NULL, &pers);
    assert(ret == 0 && !pers);

    live = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_CURRENT);
    assert(live && live == vm->def);
    pers = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_CONFIG);
    assert(pers && pers == vm->newDef);
    pers = virDomainObjGetPersistentDef(NULL, vm, NULL);
    assert(pers && pers == vm->newDef && pers != live);
    ret = virDomainObjSetDefTransient(NULL, vm, NULL);
    assert(ret == 0 && vm->newDef == pers);

    /* The next configuration becomes the only one. */
    virDomainObjRemoveTransientDef(vm);
    assert(vm->def == pers && vm->def->id == -1 && !vm->newDef);
    virDomainObjRemoveTransientDef(vm);
    assert(vm->def == pers && vm->def->id == -1);
    flags = VIR_DOMAIN_AFFECT_CURRENT;
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == 0 && flags == VIR_DOMAIN_AFFECT_CONFIG);
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CONFIG, &live, &pers);
    assert(ret == 0 && !live && pers == vm->def);
    live = vm->def;
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CONFIG, &live, NULL);
    assert(ret == 0 && !live);
    pers = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_CONFIG);
    assert(pers == vm->def);
    pers = virDomainObjGetPersistentDef(NULL, vm, NULL);
    assert(pers == vm->def && !vm->newDef);

    /* A running guest gets a second one, which its first is not. */
    vm->def->id = 1;
    pers = virDomainObjGetPersistentDef(NULL, vm, NULL);
    assert(pers && pers == vm->newDef && pers != vm->def && pers->id == -1 && vm->def->id == 1);
    virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
    assert(!vm);
    virDomainObjEndAPI(&vm);
}

void no_such_definition(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    virDomainDef *live, *pers;
    unsigned int flags = VIR_DOMAIN_AFFECT_LIVE;
    int ret;

    ret = virDomainObjBeginJob(vm, VIR_JOB_MODIFY);
    assert(ret == 0);
    vm->persistent = false;
    virDomainObjRemoveTransientDef(vm);
    vm->def->id = 1;
    ret = virDomainObjSetDefTransient(NULL, vm, NULL);
    assert(ret == 0 && !vm->newDef);
    pers = virDomainObjGetPersistentDef(NULL, vm, NULL);
    assert(pers == vm->def);
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == 0);
    flags = VIR_DOMAIN_AFFECT_CURRENT;
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == 0);
    flags = VIR_DOMAIN_AFFECT_CONFIG;
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == -1);
    live = vm->def;
    pers = vm->def;
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CONFIG, &live, &pers);
    assert(ret == -1 && !live && !pers);
    live = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_CONFIG);
    assert(!live);

    vm->persistent = true;
    vm->def->id = -1;
    flags = VIR_DOMAIN_AFFECT_LIVE;
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == -1);
    flags = VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG;
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == -1);
    live = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_LIVE);
    assert(!live);
    virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
}

/* The list. */

static virDomainObj *add(int id)
{
    virDomainDef *def = g_new0(virDomainDef, 1);
    virDomainDef *given = def;
    virDomainDef *old = def;
    virDomainObj *vm;

    def->id = id;
    vm = virDomainObjListAdd(qemu_driver->domains, &def, NULL, 0, &old);
    assert(vm && vm->def == given && !def && !old);
    return vm;
}

/* The last reference goes, and the configuration with it. */
static void drop(virDomainObj *vm)
{
    virDomainDef *def = vm->def;

    virDomainObjEndAPI(&vm);
    g_free(def);
}

void found_by_id(virConnectPtr conn)
{
    virDomainObjList *doms = qemu_driver->domains;
    virDomainObj *first = add(5);
    virDomainObj *second;
    virDomainObj *vm;

    virObjectUnlock(first);
    second = add(7);
    virObjectUnlock(second);

    vm = virDomainObjListFindByID(doms, 5);
    assert(vm == first);
    touch(vm);
    virDomainObjEndAPI(&vm);
    vm = virDomainObjListFindByID(doms, 7);
    assert(vm == second);
    vm->def->id = 5; /* the first that fits */
    virDomainObjEndAPI(&vm);
    vm = virDomainObjListFindByID(doms, 5);
    assert(vm == first);
    virDomainObjListRemove(doms, vm);
    virObjectUnref(first);
    drop(vm);
    virObjectLock(second);
    virDomainObjListRemove(doms, second);
    drop(second);
    virObjectRWLockWrite(doms);
    virObjectRWUnlock(doms);
}

void not_found_by_id(virConnectPtr conn)
{
    virDomainObjList *doms = qemu_driver->domains;
    virDomainObj *only = add(5);
    virDomainObj *vm;

    virObjectUnlock(only);
    vm = virDomainObjListFindByID(doms, 6);
    assert(!vm);
    virObjectLock(only);
    only->removing = true;
    virObjectUnlock(only);
    vm = virDomainObjListFindByID(doms, 5);
    assert(!vm);
    vm = virDomainObjListFindByUUID(doms, (const unsigned char *) only);
    assert(!vm);
    virObjectLock(only);
    only->def->id = -1;
    only->removing = false;
    virObjectUnlock(only);
    vm = virDomainObjListFindByID(doms, -1);
    assert(!vm);
    virObjectLock(only);
    virDomainObjListRemove(doms, only);
    drop(only);
    virObjectRWLockWrite(doms);
    virObjectRWUnlock(doms);
}

void found_by_name(virDomainPtr dom)
{
    const void *name = dom->uuid; /* stands for it here */
    virDomainObj *vm = virDomainObjListFindByName(qemu_driver->domains, name);

    assert(vm && vm == dom->uuid);
    touch(vm);
    virDomainObjEndAPI(&vm);
}

void found_by_snapshot(virDomainSnapshotPtr snapshot)
{
    virDomainObj *vm = qemuDomObjFromSnapshot(snapshot);

    assert(vm && vm == snapshot->domain->uuid);
    touch(vm);
    virDomainObjEndAPI(&vm);
}

void found_by_checkpoint(virDomainCheckpointPtr checkpoint)
{
    virDomainObj *vm = qemuDomObjFromCheckpoint(checkpoint);

    assert(vm && vm == checkpoint->domain->uuid);
    touch(vm);
    virDomainObjEndAPI(&vm);
}

static virDomainDef *named(virDomainPtr dom)
{
    virDomainDef *def = g_new0(virDomainDef, 1);

    def->id = -1;
    def->uuid = (const unsigned char *) dom->uuid;
    return def;
}

void added_again(virDomainPtr dom)
{
    virDomainObjList *doms = qemu_driver->domains;
    virDomainDef *def = named(dom);
    virDomainDef *given = def;
    virDomainDef *live, *before;
    virDomainDef *old = NULL;
    virDomainObj *vm = locked(dom);

    live = vm->def;
    before = vm->newDef;
    virDomainObjEndAPI(&vm);

    vm = virDomainObjListAdd(doms, &def, NULL, 0, &old);
    assert(vm == dom->uuid && !def && old == before && vm->newDef == given && vm->def == live);
    g_free(old);
    virDomainObjEndAPI(&vm);

    def = named(dom);
    given = def;
    vm = virDomainObjListAdd(doms, &def, NULL, 0, NULL);
    assert(vm && !def && vm->newDef == given && vm->def == live);
    virDomainObjEndAPI(&vm);
    assert(!doms->objs[0] && !doms->objs[1]);
}

void added_to_a_stopped_one(virDomainPtr dom)
{
    virDomainObjList *doms = qemu_driver->domains;
    virDomainDef *def = named(dom);
    virDomainDef *given = def;
    virDomainDef *live;
    virDomainDef *old = NULL;
    virDomainObj *vm = locked(dom);

    live = vm->def;
    live->id = -1;
    virDomainObjEndAPI(&vm);

    vm = virDomainObjListAdd(doms, &def, NULL, VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE, &old);
    assert(vm && !def && old == live && vm->def == given);
    g_free(old);
    virDomainObjEndAPI(&vm);

    def = named(dom);
    given = def;
    vm = virDomainObjListAdd(doms, &def, NULL, VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE, NULL);
    assert(vm && !def && vm->def == given);
    virDomainObjEndAPI(&vm);
    assert(!doms->objs[0] && !doms->objs[1]);
}

void not_added(virDomainPtr dom)
{
    virDomainObjList *doms = qemu_driver->domains;
    virDomainDef *def = named(dom);
    virDomainDef *given = def;
    virDomainDef *old = def;
    virDomainObj *vm;

    vm = virDomainObjListAdd(doms, &def, NULL, VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE, &old);
    assert(!vm && def == given && !old);
    vm = locked(dom);
    vm->def->id = -1;
    vm->persistent = false;
    virDomainObjEndAPI(&vm);
    vm = virDomainObjListAdd(doms, &def, NULL, VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE, NULL);
    assert(!vm && def == given);
    vm = locked(dom);
    vm->persistent = true;
    vm->removing = true;
    virDomainObjEndAPI(&vm);
    vm = virDomainObjListAdd(doms, &def, NULL, 0, NULL);
    assert(!vm && def == given);
    g_free(def);
    virObjectRWLockWrite(doms);
    virObjectRWUnlock(doms);
}

void removed(virConnectPtr conn)
{
    virDomainObjList *doms = qemu_driver->domains;
    virDomainObj *first = add(5);
    virDomainObj *second;
    virDomainObj *vm;

    virObjectUnlock(first);
    second = add(7);
    assert(doms->objs[0] == first && doms->objs[1] == second);
    assert(first->listed && second->listed);
    virDomainObjListRemove(doms, second);
    assert(second->removing && !second->listed && first->listed);
    assert(doms->objs[0] == first && !doms->objs[1]);
    drop(second);
    vm = virDomainObjListFindByUUID(doms, (const unsigned char *) first);
    assert(vm == first);
    vm->persistent = true;
    qemuDomainRemoveInactiveLocked(qemu_driver, vm);
    assert(vm->listed && doms->objs[0] == vm);
    vm->persistent = false;
    virObjectUnlock(vm);
    virObjectRWLockWrite(doms);
    virObjectLock(vm);
    qemuDomainRemoveInactiveLocked(qemu_driver, vm);
    assert(!vm->listed && !doms->objs[0]);
    /* Once more does nothing. */
    virDomainObjListRemoveLocked(doms, vm);
    virObjectRWUnlock(doms);
    virObjectUnref(first);
    drop(vm);
}

static int visits;

static int visit(virDomainObj *vm, void *opaque)
{
    VIR_LOCK_GUARD lock = virObjectLockGuard(vm);

    visits++;
    return virDomainObjIsActive(vm) ? -1 : 0;
}

/* Who only looks lets others look. */
static int look_again(virDomainObj *vm, void *opaque)
{
    virDomainObj *same = virDomainObjListFindByUUID(qemu_driver->domains, (const unsigned char *) vm);

    assert(same == vm);
    virDomainObjEndAPI(&same);
    return 0;
}

static int forget(virDomainObj *vm, void *opaque)
{
    VIR_LOCK_GUARD lock = virObjectLockGuard(vm);

    virDomainObjListRemoveLocked(qemu_driver->domains, vm);
    return 1;
}

void for_each(virConnectPtr conn)
{
    virDomainObjList *doms = qemu_driver->domains;
    virDomainObj *first, *second;
    int ret;

    ret = virDomainObjListForEach(doms, false, visit, NULL);
    assert(ret == 0 && visits == 0);
    first = add(-1);
    virObjectUnlock(first);
    ret = virDomainObjListForEach(doms, false, visit, NULL);
    assert(ret == 0 && visits == 1);
    ret = virDomainObjListForEach(doms, false, look_again, NULL);
    assert(ret == 0);
    second = add(-1);
    virObjectUnlock(second);
    visits = 0;
    ret = virDomainObjListForEach(doms, true, visit, NULL);
    assert(ret == 0 && visits == 2);
    virObjectLock(first);
    first->def->id = 5;
    virObjectUnlock(first);
    visits = 0;
    ret = virDomainObjListForEach(doms, false, visit, NULL);
    assert(ret == -1 && visits == 2);
    ret = virDomainObjListForEach(doms, true, forget, NULL);
    assert(ret == 0 && !doms->objs[0] && !doms->objs[1]);
    virObjectRWLockWrite(doms);
    virObjectRWUnlock(doms);
    virObjectLock(first);
    drop(first);
    virObjectLock(second);
    drop(second);
}

static int changing;

static int change(virDomainObj *vm, void *opaque)
{
    changing++;
    assert(changing == 1);
    changing--;
    return 0;
}

void change_list(virConnectPtr conn)
{
    virDomainObj *vm = add(-1);

    virDomainObjEndAPI(&vm);
    virDomainObjListForEach(qemu_driver->domains, true, change, NULL);
}

/* A domain comes, and goes again. */
void come_and_go(virConnectPtr conn)
{
    virDomainObj *vm = add(5);

    virObjectUnlock(vm);
    virObjectLock(vm);
    virDomainObjListRemove(qemu_driver->domains, vm);
    drop(vm);
}

/* Finds it, or comes too early or too late. */
void look_by_id(virConnectPtr conn)
{
    virDomainObj *vm = virDomainObjListFindByID(qemu_driver->domains, 5);

    if (vm)
        touch(vm);
    virDomainObjEndAPI(&vm);
}

/* The other drivers have QEMU's helpers under names of their own. */
static void found(virDomainObj *vm, virDomainPtr dom)
{
    assert(vm && vm == dom->uuid);
    touch(vm);
    virDomainObjEndAPI(&vm);
}

void other_drivers(virDomainPtr dom)
{
    virDomainObj *vm;
    virDomainPtr migrated;
    int ret;

    found(libxlDomObjFromDomain(dom), dom);
    found(lxcDomObjFromDomain(dom), dom);
    found(testDomObjFromDomain(dom), dom);
    found(bhyveDomObjFromDomain(dom), dom);
    found(virCHDomainObjFromDomain(dom), dom);
    vm = vzDomObjFromDomain(dom);
    assert(vm && vm == dom->uuid);
    ret = vzDomainObjBeginJob(vm);
    assert(ret == 0 && vm->job->active == VIR_JOB_MODIFY);
    vzDomainObjEndJob(vm);
    assert(!vm->job->active);

    /* Whoever comes last ends the job of a migration, if there is one. */
    ret = virDomainObjBeginJob(vm, VIR_JOB_MODIFY);
    assert(ret == 0);
    ret = libxlDomainMigrationSrcConfirm(NULL, vm, 0, 0);
    assert((ret == 0 || ret == -1) && !vm->job->active);
    libxlDomainMigrationSrcConfirm(NULL, vm, 0, 0);
    ret = virDomainObjBeginJob(vm, VIR_JOB_MODIFY);
    assert(ret == 0);
    migrated = libxlDomainMigrationDstFinish(NULL, vm, 0, 0);
    assert(!migrated && !vm->job->active);
    libxlDomainMigrationDstFinish(NULL, vm, 0, 0);
    virDomainObjEndAPI(&vm);
}

/* Jobs. */

/* One may hold or wait for a job. Who begins a long job or ends a guest is counted, and not kept
 * out. */
void queue(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    virDomainJobObj *job = vm->job;
    int ret;

    job->maxQueuedJobs = 1;
    ret = virDomainObjBeginJob(vm, VIR_JOB_QUERY);
    assert(ret == 0 && job->jobsQueued == 1);
    virDomainObjEndJob(vm);
    assert(job->jobsQueued == 0);
    ret = virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_MODIFY);
    assert(ret == 0 && job->jobsQueued == 1);
    ret = virDomainObjBeginJobNowait(vm, VIR_JOB_QUERY);
    assert(ret == -2 && job->jobsQueued == 1 && job->active == VIR_JOB_NONE);
    ret = virDomainObjBeginJob(vm, VIR_JOB_QUERY);
    assert(ret == -1 && job->jobsQueued == 1 && job->active == VIR_JOB_NONE);
    ret = virDomainObjBeginJob(vm, VIR_JOB_DESTROY);
    assert(ret == 0 && job->jobsQueued == 2 && job->active == VIR_JOB_DESTROY);
    virDomainObjEndJob(vm);
    assert(job->jobsQueued == 1);
    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0);
    assert(ret == 0 && job->jobsQueued == 2 && job->asyncJob == VIR_ASYNC_JOB_DUMP);
    virDomainObjEndAgentJob(vm);
    assert(job->jobsQueued == 1);
    ret = virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_QUERY);
    assert(ret == -2 && job->jobsQueued == 1);
    virDomainObjEndAsyncJob(vm);
    assert(job->jobsQueued == 0);

    /* Without a limit nobody is counted. */
    job->maxQueuedJobs = 0;
    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0);
    assert(ret == 0 && job->jobsQueued == 0);
    ret = virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_QUERY);
    assert(ret == 0 && job->jobsQueued == 0);
    ret = virDomainObjBeginJobNowait(vm, VIR_JOB_QUERY);
    assert(ret == 0 && job->jobsQueued == 0);
    virDomainObjEndJob(vm);
    virDomainObjEndAgentJob(vm);
    virDomainObjEndAsyncJob(vm);
    assert(job->jobsQueued == 0);
    virDomainObjEndAPI(&vm);
}

void allowed_jobs(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    virDomainJobObj *job = vm->job;
    int ret;

    qemuDomainObjSetAsyncJobMask(vm, VIR_JOB_NONE);
    assert(job->mask == VIR_JOB_DEFAULT_MASK);
    assert(virDomainNestedJobAllowed(job, VIR_JOB_MODIFY));
    job->mask = 0;
    assert(virDomainNestedJobAllowed(job, VIR_JOB_QUERY));
    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0);
    assert(ret == 0 && job->mask == VIR_JOB_DEFAULT_MASK);
    assert(virDomainNestedJobAllowed(job, VIR_JOB_NONE));
    assert(virDomainNestedJobAllowed(job, VIR_JOB_QUERY));
    assert(virDomainNestedJobAllowed(job, VIR_JOB_DESTROY));
    assert(virDomainNestedJobAllowed(job, VIR_JOB_ABORT));
    assert(!virDomainNestedJobAllowed(job, VIR_JOB_SUSPEND));
    assert(!virDomainNestedJobAllowed(job, VIR_JOB_MODIFY));
    assert(!virDomainNestedJobAllowed(job, VIR_JOB_ASYNC));
    qemuDomainObjSetAsyncJobMask(vm, JOB_MASK(VIR_JOB_MODIFY));
    assert(job->mask == (JOB_MASK(VIR_JOB_MODIFY) | JOB_MASK(VIR_JOB_DESTROY)));
    assert(virDomainNestedJobAllowed(job, VIR_JOB_MODIFY));
    assert(!virDomainNestedJobAllowed(job, VIR_JOB_QUERY));
    virDomainObjEndAsyncJob(vm);
    assert(job->mask == VIR_JOB_DEFAULT_MASK && job->asyncJob == VIR_ASYNC_JOB_NONE && !job->asyncOwner);

    ret = qemuProcessBeginJob(vm, 0, 0);
    assert(ret == 0 && job->asyncJob == VIR_ASYNC_JOB_START && job->asyncOwner);
    assert(job->mask == JOB_MASK(VIR_JOB_DESTROY));
    qemuProcessEndJob(vm);
    assert(!job->asyncJob);

    /* The job of a guest that is gone is discarded. */
    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_SAVE, 0, 0);
    assert(ret == 0);
    qemuDomainObjSetAsyncJobMask(vm, VIR_JOB_NONE);
    ret = virDomainObjBeginNestedJob(vm, VIR_ASYNC_JOB_SAVE);
    assert(ret == 0 && job->active == VIR_JOB_ASYNC_NESTED);
    qemuDomainObjDiscardAsyncJob(vm);
    assert(!job->active && !job->asyncJob && !job->asyncOwner && job->mask == VIR_JOB_DEFAULT_MASK);
    ret = virDomainObjBeginJob(vm, VIR_JOB_QUERY);
    assert(ret == 0);
    qemuDomainObjDiscardAsyncJob(vm);
    assert(job->active == VIR_JOB_QUERY);
    virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
}

void jobs_at_once(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    virDomainJobObj *job = vm->job;
    int ret;

    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0);
    assert(ret == 0);
    qemuDomainObjReleaseAsyncJob(vm);
    assert(!job->asyncOwner && job->asyncJob == VIR_ASYNC_JOB_DUMP);
    ret = virDomainObjBeginJobNowait(vm, VIR_JOB_MODIFY);
    assert(ret == -1 && !job->active);
    ret = virDomainObjBeginJobNowait(vm, VIR_JOB_ASYNC);
    assert(ret == -1);
    ret = virDomainObjBeginJob(vm, VIR_JOB_MODIFY);
    assert(ret == -1 && !job->active);
    ret = virDomainObjBeginJobInternal(vm, job, VIR_JOB_MODIFY, VIR_AGENT_JOB_NONE, VIR_ASYNC_JOB_NONE, false);
    assert(ret == -2 && !job->active && job->jobsQueued == 0);
    qemuDomainObjStartJobPhase(vm, 0);
    assert(job->asyncOwner);
    virDomainObjEndAsyncJob(vm);
    virDomainObjEndAPI(&vm);
}

/* Has the job for good: the guest hangs. */
void hang(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjBeginJob(vm, VIR_JOB_MODIFY);

    if (ret == 0) {
        virObjectUnlock(vm);
        virObjectLock(vm);
        virDomainObjEndJob(vm);
    }
    virDomainObjEndAPI(&vm);
}

/* Is told why there is no job. */
void at_once(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    virDomainJobObj *job = vm->job;
    bool busy = job->active != VIR_JOB_NONE;
    int ret;

    ret = virDomainObjBeginJobNowait(vm, VIR_JOB_QUERY);
    assert(busy ? ret == -1 : ret == 0);
    if (ret == 0)
        virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
}

/* Without the job where the time is up, and with it else. */
void in_time(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    bool free = !vm->job->active;
    int ret;

    ret = virDomainObjBeginJobInternal(vm, vm->job, VIR_JOB_QUERY, VIR_AGENT_JOB_NONE, VIR_ASYNC_JOB_NONE, false);
    assert(ret == 0 || (ret == -2 && !free));
    if (ret == 0)
        virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
}

static bool given_up;

/* Has the job until another has given up, or had it before. */
void hang_until_given_up(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjBeginJobNowait(vm, VIR_JOB_MODIFY);

    if (ret == 0) {
        while (!given_up)
            virDomainObjWait(vm);
        virDomainObjEndJob(vm);
    }
    virDomainObjEndAPI(&vm);
}

void give_up(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjBeginJob(vm, VIR_JOB_QUERY);

    given_up = true;
    virDomainObjBroadcast(vm);
    if (ret == 0)
        virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
}

void agent_job(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_QUERY);

    assert(ret == 0);
    virObjectUnlock(vm);
    virObjectLock(vm);
    virDomainObjEndAgentJob(vm);
    virDomainObjEndAPI(&vm);
}

static int agents_done;

void counted_agent_job(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_QUERY);

    assert(ret == 0);
    virObjectUnlock(vm);
    virObjectLock(vm);
    virDomainObjEndAgentJob(vm);
    agents_done++;
    virDomainObjBroadcast(vm);
    virDomainObjEndAPI(&vm);
}

/* Has the job as long as two want the agent. */
void until_agents_are_done(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjBeginJob(vm, VIR_JOB_QUERY);

    assert(ret == 0);
    while (agents_done < 2)
        virDomainObjWait(vm);
    virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
}

/* Nobody works on the domain beside who changes it. */
void modify_alone(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjBeginJob(vm, VIR_JOB_MODIFY);

    assert(ret == 0 && !vm->job->asyncJob);
    virObjectUnlock(vm);
    virObjectLock(vm);
    assert(!vm->job->asyncJob);
    virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
}

/* A command within a long job waits until a query is done. */
void nested_in_turn(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0);

    assert(ret == 0);
    virObjectUnlock(vm);
    virObjectLock(vm);
    ret = qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_DUMP);
    assert(ret == 0);
    qemuDomainObjExitMonitor(vm);
    virDomainObjEndAsyncJob(vm);
    virDomainObjEndAPI(&vm);
}

/* What a daemon that has begun anew knows of the job that its predecessor had. */
void restored(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    virDomainJobObj *job = vm->job;
    int ret;

    qemuDomainObjRestoreAsyncJob(vm, VIR_ASYNC_JOB_MIGRATION_IN, 1, 0, 0, 0, 0, VIR_JOB_NONE);
    assert(job->asyncJob == VIR_ASYNC_JOB_MIGRATION_IN && job->mask == JOB_MASK(VIR_JOB_DESTROY));
    ret = virDomainObjBeginJobNowait(vm, VIR_JOB_DESTROY);
    assert(ret == 0);
    virDomainObjEndJob(vm);
    ret = qemuMigrationJobStartPhase(vm, 2);
    assert(ret == 0 && job->asyncOwner);
    assert(virDomainObjGetState(vm, NULL) >= 0);
    vm->def->id = -1;
    assert(virDomainObjGetState(vm, NULL) == VIR_DOMAIN_SHUTOFF);
    vm->def->id = 1;
    qemuMigrationJobFinish(vm);
    assert(!job->asyncJob && !job->asyncOwner);
    virDomainObjEndAPI(&vm);
}

/* Sets the phase of a job that nobody has. */
void wrong_phase(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_MIGRATION_OUT, 0, 0);

    assert(ret == 0);
    qemuDomainObjReleaseAsyncJob(vm);
    qemuMigrationJobSetPhase(vm, 1);
    virDomainObjEndAPI(&vm);
}

void job_of_each_kind(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    virDomainJobObj *job = vm->job;
    int ret;

    assert(virDomainObjCanSetJob(job, VIR_JOB_QUERY, VIR_AGENT_JOB_NONE));
    ret = virDomainObjBeginJob(vm, VIR_JOB_QUERY);
    assert(ret == 0 && job->active == VIR_JOB_QUERY && !job->agentActive && !job->asyncJob);
    assert(virDomainObjCanSetJob(job, VIR_JOB_NONE, VIR_AGENT_JOB_QUERY));
    assert(!virDomainObjCanSetJob(job, VIR_JOB_QUERY, VIR_AGENT_JOB_NONE));
    virDomainObjEndJob(vm);
    assert(!job->active);
    ret = virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_QUERY);
    assert(ret == 0 && job->agentActive == VIR_AGENT_JOB_QUERY && !job->active);
    assert(virDomainObjCanSetJob(job, VIR_JOB_QUERY, VIR_AGENT_JOB_NONE));
    assert(!virDomainObjCanSetJob(job, VIR_JOB_NONE, VIR_AGENT_JOB_QUERY));
    assert(!virDomainObjCanSetJob(job, VIR_JOB_NONE, VIR_AGENT_JOB_MODIFY));
    virDomainObjEndAgentJob(vm);
    assert(!job->agentActive);
    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_SNAPSHOT, 0, 0);
    assert(ret == 0 && job->asyncJob == VIR_ASYNC_JOB_SNAPSHOT && job->asyncOwner && !job->active);
    virDomainObjEndAsyncJob(vm);
    assert(!job->asyncJob && !job->asyncOwner);

    /* Nobody has a job of a domain that is being removed. */
    vm->removing = true;
    ret = virDomainObjBeginJob(vm, VIR_JOB_QUERY);
    assert(ret == -1 && !job->active);
    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0);
    assert(ret == -1 && !job->asyncJob);
    ret = qemuProcessBeginJob(vm, 0, 0);
    assert(ret == -1);
    ret = qemuMigrationJobStart(vm, VIR_ASYNC_JOB_MIGRATION_OUT, 0);
    assert(ret == -1);
    ret = qemuProcessBeginStopJob(vm, VIR_JOB_DESTROY, true);
    assert(ret == -1 && !job->active);
    processMonitorEOFEvent(qemu_driver, vm);
    qemuProcessAutoDestroy(vm, NULL);
    assert(virDomainObjIsActive(vm) && !job->active);
    virDomainObjEndAPI(&vm);
}

void nested_jobs(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;
    virDomainJobObj *job = vm->job;
    int ret;

    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_SAVE, 0, 0);
    assert(ret == 0);
    qemuDomainObjSetJobPhase(vm, 1);
    ret = virDomainObjBeginNestedJob(vm, VIR_ASYNC_JOB_DUMP);
    assert(ret == -1 && !job->active);
    ret = qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_DUMP);
    assert(ret == -1 && !job->active);
    touch(vm);
    ret = qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_SAVE);
    assert(ret == 0);
    ret = qemuMonitorCommand(priv->mon);
    assert(ret == 0);
    qemuDomainObjExitMonitor(vm);
    assert(!job->active && priv->mon);
    vm->def->id = -1;
    ret = qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_SAVE);
    assert(ret == -1 && !job->active);
    touch(vm);
    vm->def->id = 1;
    virDomainObjEndAsyncJob(vm);

    ret = virDomainObjBeginJob(vm, VIR_JOB_QUERY);
    assert(ret == 0);
    qemuDomainObjEnterMonitor(vm);
    qemuDomainObjExitMonitor(vm);
    assert(job->active == VIR_JOB_QUERY);
    virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
}

void long_job(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0);

    assert(ret == 0);
    virObjectUnlock(vm);
    virObjectLock(vm);
    assert(vm->job->asyncJob == VIR_ASYNC_JOB_DUMP);
    virDomainObjEndAsyncJob(vm);
    virDomainObjEndAPI(&vm);
}

/* Migrations. */

void migration(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;
    virDomainJobObj *job = vm->job;
    int ret;

    assert(!qemuMigrationJobIsActive(vm, VIR_ASYNC_JOB_MIGRATION_IN));
    assert(qemuMigrationJobIsAllowed(vm));
    ret = qemuMigrationJobStart(vm, VIR_ASYNC_JOB_MIGRATION_IN, 0);
    assert(ret == 0 && job->asyncJob == VIR_ASYNC_JOB_MIGRATION_IN);
    assert(job->mask == (JOB_MASK(VIR_JOB_MODIFY_MIGRATION_SAFE) | JOB_MASK(VIR_JOB_DESTROY)));
    assert(qemuMigrationJobIsActive(vm, VIR_ASYNC_JOB_MIGRATION_IN));
    assert(!qemuMigrationJobIsActive(vm, VIR_ASYNC_JOB_MIGRATION_OUT));
    ret = qemuMigrationJobSetPhase(vm, 1);
    assert(ret == 0);
    qemuMigrationJobContinue(vm, qemuMigrationDstPrepareCleanup);
    assert(!job->asyncOwner && job->asyncJob && priv->cleanup == qemuMigrationDstPrepareCleanup);
    ret = qemuMigrationJobStartPhase(vm, 2);
    assert(ret == 0 && job->asyncOwner);
    ret = qemuMigrationJobStartPhase(vm, 3);
    assert(ret == 0 && job->asyncOwner);
    qemuMigrationJobFinish(vm);
    assert(!job->asyncJob && !job->asyncOwner);
    ret = qemuMigrationJobStartPhase(vm, 4);
    assert(ret == 0 && !job->asyncOwner);
    ret = qemuMigrationJobSetPhase(vm, 5);
    assert(ret == 0);

    /* The guest stops. */
    qemuDomainCleanupRun(qemu_driver, vm);
    assert(!priv->cleanup && !job->asyncJob);
    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0);
    assert(ret == 0);
    qemuMigrationDstPrepareCleanup(qemu_driver, vm);
    assert(job->asyncJob == VIR_ASYNC_JOB_DUMP && job->asyncOwner);
    virDomainObjEndAsyncJob(vm);
    ret = qemuMigrationJobStart(vm, VIR_ASYNC_JOB_MIGRATION_IN, 0);
    assert(ret == 0);
    qemuMigrationJobContinue(vm, qemuMigrationDstPrepareCleanup);
    qemuDomainCleanupRun(qemu_driver, vm);
    assert(!job->asyncJob && !priv->cleanup && job->mask == VIR_JOB_DEFAULT_MASK);
    virDomainObjEndAPI(&vm);
}

void migration_out(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    virDomainJobObj *job = vm->job;
    int ret;

    ret = qemuMigrationJobStart(vm, VIR_ASYNC_JOB_MIGRATION_OUT, 0);
    assert(ret == 0 && job->asyncJob == VIR_ASYNC_JOB_MIGRATION_OUT);
    assert(job->mask == (VIR_JOB_DEFAULT_MASK | JOB_MASK(VIR_JOB_SUSPEND) | JOB_MASK(VIR_JOB_MIGRATION_OP) |
                         JOB_MASK(VIR_JOB_MODIFY_MIGRATION_SAFE)));
    qemuMigrationJobFinish(vm);
    virDomainObjEndAPI(&vm);
}

/* The end of a guest. */

static int cleanups;

static void count_cleanup(virQEMUDriver *driver, virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    assert(driver == qemu_driver);
    touch(vm);
    assert(!priv->cleanup && virDomainObjIsActive(vm));
    cleanups++;
}

/* The guest's thread for events has ended, and the domain is still on the list. */
static void late_cleanup(virQEMUDriver *driver, virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    assert(!priv->eventThread && vm->listed);
    cleanups++;
}

void cleanup(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;

    qemuDomainCleanupRun(qemu_driver, vm);
    qemuDomainCleanupAdd(vm, count_cleanup);
    qemuDomainCleanupRemove(vm, qemuMigrationDstPrepareCleanup);
    assert(priv->cleanup == count_cleanup);
    qemuDomainCleanupRun(qemu_driver, vm);
    assert(cleanups == 1 && !priv->cleanup);
    qemuDomainCleanupRun(qemu_driver, vm);
    assert(cleanups == 1);
    qemuDomainCleanupAdd(vm, count_cleanup);
    qemuDomainCleanupRemove(vm, count_cleanup);
    assert(!priv->cleanup);
    virDomainObjEndAPI(&vm);
}

static void stop(virDomainObj *vm)
{
    int ret = qemuProcessBeginStopJob(vm, VIR_JOB_DESTROY, true);
    qemuDomainObjPrivate *priv = vm->privateData;

    assert(ret == 0 && vm->job->active == VIR_JOB_DESTROY && !priv->beingDestroyed);
    qemuProcessStop(qemu_driver, vm, 0, VIR_ASYNC_JOB_NONE, 0);
    assert(vm->job->active == VIR_JOB_DESTROY && vm->def->id == -1);
    virDomainObjEndJob(vm);
}

void backup(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;
    virDomainJobObj *job = vm->job;
    int ret;

    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0);
    assert(ret == 0);
    priv->backup = true;
    qemuBackupJobTerminate(vm, 0);
    assert(!priv->backup && job->asyncJob == VIR_ASYNC_JOB_DUMP);
    virDomainObjEndAsyncJob(vm);
    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_BACKUP, 0, 0);
    assert(ret == 0);
    qemuDomainObjReleaseAsyncJob(vm);
    stop(vm);
    assert(job->asyncJob == VIR_ASYNC_JOB_BACKUP);
    qemuBackupJobTerminate(vm, 0);
    assert(!job->asyncJob);

    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_BACKUP, 0, 0);
    assert(ret == 0);
    qemuDomainObjReleaseAsyncJob(vm);
    vm->def->id = 1;
    priv->backup = true;
    stop(vm);
    assert(!priv->backup && !job->asyncJob);
    virDomainObjEndAPI(&vm);
}

/* A backup goes on without a thread, until the guest is stopped. */
void short_backup(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;
    int ret;

    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_BACKUP, 0, 0);
    assert(ret == 0);
    priv->backup = true;
    qemuDomainObjReleaseAsyncJob(vm);
    virObjectUnlock(vm);
    virObjectLock(vm);
    stop(vm);
    virDomainObjEndAPI(&vm);
}

void stopped_in_a_job(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    virDomainJobObj *job = vm->job;
    int ret;

    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_SAVE, 0, 0);
    assert(ret == 0);
    qemuProcessStop(qemu_driver, vm, 0, VIR_ASYNC_JOB_DUMP, 0);
    assert(virDomainObjIsActive(vm) && !job->active);
    qemuProcessStop(qemu_driver, vm, 0, VIR_ASYNC_JOB_SAVE, 0);
    assert(!virDomainObjIsActive(vm) && !job->active && job->asyncOwner);
    qemuDomainRemoveInactive(qemu_driver, vm, 0, false);
    assert(vm->listed);
    vm->persistent = false;
    qemuDomainRemoveInactive(qemu_driver, vm, 0, false);
    assert(!vm->listed && vm->removing);
    virDomainObjEndAsyncJob(vm);
    virDomainObjEndAPI(&vm);
}

void stopped(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;
    virDomainDef *next = vm->newDef;
    qemuMonitor *mon = virObjectRef(priv->mon);
    qemuAgent *agent = virObjectRef(priv->agent);

    qemuDomainCleanupAdd(vm, late_cleanup);
    stop(vm);
    assert(!priv->mon && !priv->agent && !priv->eventThread && !priv->cleanup && cleanups == 1);
    assert(vm->def == next && !vm->newDef && vm->listed);
    virObjectLock(mon);
    assert(mon->goteof);
    virObjectUnlock(mon);
    virObjectUnref(mon);
    virObjectLock(agent);
    assert(agent->closed);
    virObjectUnlock(agent);
    virObjectUnref(agent);

    /* Once more does nothing. */
    qemuDomainCleanupAdd(vm, count_cleanup);
    stop(vm);
    assert(cleanups == 1 && priv->cleanup == count_cleanup);

    /* A guest that has no agent and no thread for events. */
    priv->mon = g_new0(qemuMonitor, 1);
    vm->def->id = 1;
    stop(vm);
    assert(!priv->mon && cleanups == 2);
    priv->agent = g_new0(qemuAgent, 1);
    vm->def->id = 1;
    stop(vm);
    assert(!priv->agent);
    qemuMonitorClose(NULL);
    qemuAgentClose(NULL);
    virDomainObjEndAPI(&vm);
}

void auto_destroy(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    virDomainJobObj *job = vm->job;
    int ret;

    if (!job->active) {
        ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_MIGRATION_OUT, 0, 0);
        if (ret == 0)
            qemuDomainObjReleaseAsyncJob(vm);
    }
    vm->persistent = false;
    qemuProcessAutoDestroy(vm, NULL);
    assert(!job->asyncJob);
    assert(vm->removing ? !vm->listed && !virDomainObjIsActive(vm) : virDomainObjIsActive(vm));
    virDomainObjEndAPI(&vm);
}

void auto_destroy_alone(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);

    vm->persistent = false;
    vm->job->maxQueuedJobs = 1; /* as if another waited for a job */
    vm->job->jobsQueued = 1;
    qemuDomainCleanupAdd(vm, late_cleanup);
    qemuProcessAutoDestroy(vm, NULL);
    assert(cleanups == 1 && vm->job->jobsQueued == 1);
    assert(vm->removing && !vm->listed && !virDomainObjIsActive(vm) && !vm->job->active);
    virDomainObjEndAPI(&vm);
}

/* The thread of the guest's events hears that QEMU is gone. */
void end_of_file(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;
    qemuMonitor *mon = virObjectRef(priv->mon);
    int ret;

    priv->beingDestroyed = true;
    virObjectUnlock(vm);
    qemuProcessHandleMonitorEOF(mon, vm);
    virObjectLock(vm);
    assert(virDomainObjIsActive(vm) && !vm->job->active);
    priv->beingDestroyed = false;
    vm->persistent = false;
    ret = virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_MIGRATION_OUT, 0, 0);
    assert(ret == 0);
    qemuDomainObjReleaseAsyncJob(vm);
    processMonitorEOFEvent(qemu_driver, vm);
    assert(!virDomainObjIsActive(vm) && !vm->listed && !vm->job->active);
    virObjectUnref(mon);
    virDomainObjEndAPI(&vm);
}

/* Waits until a worker has stopped the guest. */
void left_to_a_worker(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;
    qemuMonitor *mon = virObjectRef(priv->mon);

    virObjectUnlock(vm);
    qemuProcessHandleMonitorEOF(mon, vm);
    virObjectUnref(mon);
    virObjectLock(vm);
    while (virDomainObjIsActive(vm))
        virDomainObjWait(vm);
    virDomainObjEndAPI(&vm);
}

/* A handler in the thread of the guest's events, which waits for the domain. */
void handler(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;
    virEventThread *thread = priv->eventThread;

    virObjectUnlock(vm);
    if (thread) {
        virMutexLock(&thread->running);
        virObjectLock(vm);
        touch(vm);
        virObjectUnlock(vm);
        virMutexUnlock(&thread->running);
    }
    virObjectUnref(vm);
}

void remote(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret;

    qemuDomainObjEnterRemote(vm);
    ret = qemuDomainObjExitRemote(vm, true);
    assert(ret == (virDomainObjIsActive(vm) ? 0 : -1));
    virDomainObjEndAPI(&vm);
}

void remote_result(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret;

    qemuDomainObjEnterRemote(vm);
    ret = qemuDomainObjExitRemote(vm, true);
    assert(ret == 0);
    vm->def->id = -1;
    qemuDomainObjEnterRemote(vm);
    ret = qemuDomainObjExitRemote(vm, true);
    assert(ret == -1);
    qemuDomainObjEnterRemote(vm);
    ret = qemuDomainObjExitRemote(vm, false);
    assert(ret == 0);
    ret = virDomainObjCheckActive(vm);
    assert(ret == -1);
    vm->def->id = 1;
    ret = virDomainObjCheckActive(vm);
    assert(ret == 0);
    virDomainObjEndAPI(&vm);
}

/* Waits. */

void await_end(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjCheckActive(vm);

    while (ret == 0) {
        ret = virDomainObjWait(vm);
        assert(ret == (virDomainObjIsActive(vm) ? 0 : -1));
    }
    virDomainObjEndAPI(&vm);
}

void await_in_job(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;

    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) == 0) {
        while (virDomainObjIsActive(vm) && !priv->beingDestroyed)
            virDomainObjWait(vm);
        virDomainObjEndJob(vm);
    }
    virDomainObjEndAPI(&vm);
}

static bool woken;

/* The wait fails, or somebody wakes. */
void await_in_vain(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    int ret = virDomainObjWait(vm);

    assert(ret == -1 || woken);
    virDomainObjEndAPI(&vm);
}

void wake(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);

    woken = true;
    virDomainObjBroadcast(vm);
    virDomainObjEndAPI(&vm);
}

#include "era-connections.c"

void connections(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;
    qemuMonitor *mon;
    qemuAgent *agent;
    int ret;

    assert(qemuDomainAgentAvailable(vm, true));
    ret = virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_QUERY);
    assert(ret == 0);
    agent = qemuDomainObjEnterAgent(vm);
    assert(agent == priv->agent);
    ret = qemuAgentCommand(agent);
    assert(ret == 0);
    agent->closed = true;
    ret = qemuAgentCommand(agent);
    assert(ret == -1);
    qemuDomainObjExitAgent(vm, agent);
    virDomainObjEndAgentJob(vm);
    priv->agentError = true;
    assert(!qemuDomainAgentAvailable(vm, true));
    priv->agentError = false;
    vm->def->id = -1;
    assert(!qemuDomainAgentAvailable(vm, true));
    vm->def->id = 1;
    g_clear_pointer(&priv->agent, qemuAgentClose);
    assert(!priv->agent && !qemuDomainAgentAvailable(vm, true));

    mon = virObjectRef(priv->mon);
    ret = virDomainObjBeginJob(vm, VIR_JOB_QUERY);
    assert(ret == 0);
    qemuDomainObjEnterMonitor(vm);
    ret = qemuMonitorCommand(mon);
    assert(ret == 0);
    virObjectUnlock(mon);
    qemuMonitorGone(mon);
    virObjectLock(mon);
    ret = qemuMonitorCommand(mon);
    assert(ret == -1);
    qemuDomainObjExitMonitor(vm);
    assert(priv->mon == mon);

    /* The last reference goes with the command. */
    virObjectUnref(mon);
    virObjectUnref(mon);
    mon = priv->mon = g_new0(qemuMonitor, 1);
    qemuDomainObjEnterMonitor(vm);
    virObjectUnref(mon);
    qemuDomainObjExitMonitor(vm);
    assert(!priv->mon);
    virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
}

/* The agent's last reference goes with the call. */
void last_of_the_agent(virDomainPtr dom)
{
    virDomainObj *vm = locked(dom);
    qemuDomainObjPrivate *priv = vm->privateData;
    qemuAgent *agent;
    int ret = virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_QUERY);

    assert(ret == 0);
    agent = qemuDomainObjEnterAgent(vm);
    virObjectUnref(agent);
    qemuDomainObjExitAgent(vm, agent);
    priv->agent = NULL;
    virDomainObjEndAgentJob(vm);
    virDomainObjEndAPI(&vm);
}
