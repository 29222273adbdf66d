/* What the helpers of 2013 to 2016 promise, asked one by one. Most threads here are alone: what
 * they assert holds whatever happens elsewhere. What differs in the course of this time is in
 * capitals. */

static virDomainObjPtr locked(virDomainPtr dom)
{
    virDomainObjPtr vm = qemuDomObjFromDomain(dom);

    assert(vm && vm == dom->uuid);
    return vm;
}

/* Configurations. */

void next_start(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    virDomainDefPtr live = vm->def;
    virDomainDefPtr pers;
    int ret;

    assert(virDomainObjIsActive(vm));
    pers = virDomainObjGetPersistentDef(NULL, NULL, vm);
    assert(pers && pers == vm->newDef && pers != live);
    ret = virDomainObjSetDefTransient(NULL, NULL, vm, false);
    assert(ret == 0 && vm->newDef == pers && vm->def == live);

    /* The next configuration becomes the only one. */
    qemuDomainObjRemoveTransientDef(vm);
    assert(vm->def == pers && vm->def->id == -1 && !vm->newDef && !virDomainObjIsActive(vm));
    qemuDomainObjRemoveTransientDef(vm);
    assert(vm->def == pers);
    pers = virDomainObjGetPersistentDef(NULL, NULL, vm);
    assert(pers == vm->def && !vm->newDef);

    /* A running guest gets a second one, where its domain stays. */
    vm->def->id = 1;
    vm->persistent = false;
    pers = virDomainObjGetPersistentDef(NULL, NULL, vm);
    assert(pers == vm->def && !vm->newDef);
    vm->persistent = true;
    pers = virDomainObjGetPersistentDef(NULL, NULL, vm);
    assert(pers && pers == vm->newDef && pers != vm->def && pers->id == -1 && vm->def->id == 1);
    END_API(vm);
}

/* The list. */

static virDomainDefPtr named(virDomainPtr dom)
{
    virDomainDefPtr def = g_new0(virDomainDef, 1);

    def->id = -1;
    def->uuid = (const unsigned char *) dom->uuid;
    return def;
}

void added_again(virDomainPtr dom)
{
    virDomainObjListPtr doms = qemu_driver->domains;
    virDomainDefPtr def = named(dom);
    virDomainDefPtr live, before;
    virDomainDefPtr old = NULL;
    virDomainObjPtr vm = locked(dom);

    live = vm->def;
    before = vm->newDef;
    END_API(vm);

    vm = virDomainObjListAdd(doms, def, NULL, 0, &old);
    assert(vm == dom->uuid && old == before && vm->newDef == def && vm->def == live);
    g_free(old);
    virObjectUnlock(vm);
    def = named(dom);
    vm = virDomainObjListAdd(doms, def, NULL, 0, NULL);
    assert(vm && vm->newDef == def && vm->def == live);
    virObjectUnlock(vm);
    assert(!doms->objs[0] && !doms->objs[1]);
}

void added_to_a_stopped_one(virDomainPtr dom)
{
    virDomainObjListPtr doms = qemu_driver->domains;
    virDomainDefPtr def = named(dom);
    virDomainDefPtr live;
    virDomainDefPtr old = NULL;
    virDomainObjPtr vm = locked(dom);

    live = vm->def;
    live->id = -1;
    END_API(vm);

    vm = virDomainObjListAdd(doms, def, NULL, VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE, &old);
    assert(vm && old == live && vm->def == def);
    g_free(old);
    virObjectUnlock(vm);
    def = named(dom);
    vm = virDomainObjListAdd(doms, def, NULL, VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE, NULL);
    assert(vm && vm->def == def);
    virObjectUnlock(vm);
    assert(!doms->objs[0] && !doms->objs[1]);
}

void not_added(virDomainPtr dom)
{
    virDomainObjListPtr doms = qemu_driver->domains;
    virDomainDefPtr def = named(dom);
    virDomainDefPtr old = def;
    virDomainObjPtr vm;

    vm = virDomainObjListAdd(doms, def, NULL, VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE, &old);
    assert(!vm && !old);
    vm = locked(dom);
    assert(vm->newDef != def);
    vm->def->id = -1;
    vm->persistent = false;
    END_API(vm);
    vm = virDomainObjListAdd(doms, def, NULL, VIR_DOMAIN_OBJ_LIST_ADD_CHECK_LIVE, NULL);
    assert(!vm);
    g_free(def);
    virObjectLock(doms);
    virObjectUnlock(doms);
}

static virDomainObjPtr add(int id)
{
    virDomainDefPtr def = g_new0(virDomainDef, 1);
    virDomainDefPtr old = def;
    virDomainObjPtr vm;

    def->id = id;
    vm = virDomainObjListAdd(qemu_driver->domains, def, NULL, 0, &old);
    assert(vm && vm->def == def && !old && vm->listed);
    return vm;
}

/* The domain goes with the list's reference, and its configuration after it. */
static void forget(virDomainObjPtr vm)
{
    virDomainDefPtr def = vm->def;

    virDomainObjListRemove(qemu_driver->domains, vm);
    g_free(def);
}

static int visits;

static int visit(virDomainObjPtr vm, void *opaque)
{
    int ret;

    virObjectLock(vm);
    visits++;
    ret = virDomainObjIsActive(vm) ? -1 : 0;
    virObjectUnlock(vm);
    return ret;
}

void for_each(virConnectPtr conn)
{
    virDomainObjListPtr doms = qemu_driver->domains;
    virDomainObjPtr first, second;
    virDomainDefPtr def;
    int ret;

    ret = virDomainObjListForEach(doms, visit, NULL);
    assert(ret == 0 && visits == 0);
    first = add(-1);
    virObjectUnlock(first);
    second = add(-1);
    virObjectUnlock(second);
    assert(doms->objs[0] == first && doms->objs[1] == second);
    ret = virDomainObjListForEach(doms, visit, NULL);
    assert(ret == 0 && visits == 2);
    virObjectLock(first);
    first->def->id = 5;
    virObjectUnlock(first);
    visits = 0;
    ret = virDomainObjListForEach(doms, visit, NULL);
    assert(ret == -1 && visits == 2);

    /* Who is taken off the list leaves the others there. */
    virObjectLock(second);
    forget(second);
    assert(doms->objs[0] == first && !doms->objs[1] && first->listed);
    second = add(-1);
    def = second->def;
    virObjectUnlock(second);
    virObjectLock(doms);
    virObjectLock(second);
    virDomainObjListRemoveLocked(doms, second);
    assert(doms->objs[0] == first && !doms->objs[1] && first->listed);
    virObjectUnlock(doms);
    g_free(def);
    virObjectLock(first);
    forget(first);
    assert(!doms->objs[0]);
    virObjectLock(doms);
    virObjectUnlock(doms);
}

/* Keeps the list from beginning to end. Whoever finds the domain has it before. */
void remove_with_the_list(virDomainPtr dom)
{
    virObjectLock(qemu_driver->domains);
    virObjectLock(dom->uuid);
    virDomainObjListRemoveLocked(qemu_driver->domains, dom->uuid);
    virObjectUnlock(qemu_driver->domains);
}

void find_or_not(virDomainPtr dom)
{
    virDomainObjPtr vm = qemuDomObjFromDomain(dom);

    if (vm) {
        touch(vm);
        END_API(vm);
    }
}

static int changing;

static int change(virDomainObjPtr vm, void *opaque)
{
    changing++;
    assert(changing == 1);
    changing--;
    return 0;
}

void change_list(virConnectPtr conn)
{
    virObjectUnlock(add(-1));
    virDomainObjListForEach(qemu_driver->domains, change, NULL);
}

/* Jobs. */

void allowed_jobs(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    struct qemuDomainJobObj *job = &priv->job;
    int ret;

    qemuDomainObjSetAsyncJobMask(vm, QEMU_JOB_NONE);
    assert(job->mask == QEMU_JOB_DEFAULT_MASK);
    assert(qemuDomainNestedJobAllowed(priv, QEMU_JOB_MODIFY) && qemuDomainJobAllowed(priv, QEMU_JOB_MODIFY));
    job->mask = 0;
    assert(qemuDomainNestedJobAllowed(priv, QEMU_JOB_QUERY));
    ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY);
    assert(ret == 0 && job->active == QEMU_JOB_MODIFY);
    assert(qemuDomainNestedJobAllowed(priv, QEMU_JOB_QUERY) && !qemuDomainJobAllowed(priv, QEMU_JOB_QUERY));
    qemuDomainObjEndJob(qemu_driver, vm);
    assert(!job->active);

    ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0 && job->mask == QEMU_JOB_DEFAULT_MASK && !job->active);
    assert(job->asyncJob == QEMU_ASYNC_JOB_DUMP && job->asyncOwner);
    assert(qemuDomainJobAllowed(priv, QEMU_JOB_QUERY));
    assert(qemuDomainJobAllowed(priv, QEMU_JOB_DESTROY));
    assert(qemuDomainJobAllowed(priv, QEMU_JOB_ABORT));
    assert(!qemuDomainJobAllowed(priv, QEMU_JOB_SUSPEND));
    assert(!qemuDomainJobAllowed(priv, QEMU_JOB_MODIFY));
    assert(!qemuDomainJobAllowed(priv, QEMU_JOB_ASYNC));
    qemuDomainObjSetAsyncJobMask(vm, JOB_MASK(QEMU_JOB_MODIFY));
    assert(job->mask == (JOB_MASK(QEMU_JOB_MODIFY) | JOB_MASK(QEMU_JOB_DESTROY)));
    assert(qemuDomainJobAllowed(priv, QEMU_JOB_MODIFY) && !qemuDomainJobAllowed(priv, QEMU_JOB_QUERY));
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
    assert(job->mask == QEMU_JOB_DEFAULT_MASK && !job->asyncJob && !job->asyncOwner);
    END_API(vm);
}

/* A nested job belongs to the async job that it names, and to a guest that runs. */
void nested_jobs(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    struct qemuDomainJobObj *job = &priv->job;
    int ret;

    ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0);
    qemuDomainObjSetAsyncJobMask(vm, QEMU_JOB_NONE);
    ret = qemuDomainObjBeginNestedJob(qemu_driver, vm, QEMU_ASYNC_JOB_SAVE);
    assert(ret == -1 && !job->active);
    ret = qemuDomainObjBeginNestedJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0 && job->active == QEMU_JOB_ASYNC_NESTED && job->asyncOwner);
    qemuDomainObjEndJob(qemu_driver, vm);
    assert(!job->active && job->asyncJob == QEMU_ASYNC_JOB_DUMP);

    ret = qemuDomainObjEnterMonitorAsync(qemu_driver, vm, QEMU_ASYNC_JOB_SAVE);
    assert(ret == -1 && !job->active);
    ret = qemuDomainObjEnterMonitorAsync(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0);
    ret = qemuMonitorCommand(priv->mon);
    assert(ret == 0);
#ifdef EXIT_DROPS_A_REFERENCE
    virObjectRef(vm);
#endif
    qemuDomainObjExitMonitor(qemu_driver, vm);
    assert(!job->active && priv->mon);
    vm->def->id = -1;
    ret = qemuDomainObjEnterMonitorAsync(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == -1 && !job->active);
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
    END_API(vm);
}

/* One may hold or wait for a job of a domain. */
void queue(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret;

    qemu_driver->maxQueuedJobs = 1;
    ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY);
    assert(ret == 0 && priv->jobs_queued == 1);
    qemuDomainObjEndJob(qemu_driver, vm);
    assert(priv->jobs_queued == 0);
    ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0 && priv->jobs_queued == 1);
    ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY);
    assert(ret == -1 && priv->jobs_queued == 1 && !priv->job.active);
    ret = qemuDomainObjWaitForJob(qemu_driver, vm, QEMU_JOB_QUERY, QEMU_ASYNC_JOB_NONE);
    assert(ret == -2 && priv->jobs_queued == 1 && !priv->job.active);
    qemuDomainObjReleaseAsyncJob(vm);
    ret = qemuMigrationJobStart(qemu_driver, vm, QEMU_ASYNC_JOB_MIGRATION_IN);
    assert(ret == -1 && priv->jobs_queued == 1 && priv->job.asyncJob == QEMU_ASYNC_JOB_DUMP);
    qemuDomainObjSetJobPhase(qemu_driver, vm, 1);
    qemu_driver->maxQueuedJobs = 2;
    ret = qemuDomainObjBeginNestedJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0 && priv->jobs_queued == 2);
    qemuDomainObjEndJob(qemu_driver, vm);
    assert(priv->jobs_queued == 1);
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
    assert(priv->jobs_queued == 0);

    /* Without a limit nobody is counted. */
    qemu_driver->maxQueuedJobs = 0;
    ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0 && priv->jobs_queued == 0);
    ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY);
    assert(ret == 0 && priv->jobs_queued == 0);
    qemuDomainObjEndJob(qemu_driver, vm);
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
    assert(priv->jobs_queued == 0);
    END_API(vm);
}

void modify(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    int ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY);

    assert(ret == 0);
    virObjectUnlock(vm);
    virObjectLock(vm);
    qemuDomainObjEndJob(qemu_driver, vm);
    END_API(vm);
}

void long_job(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    int ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);

    assert(ret == 0);
    virObjectUnlock(vm);
    virObjectLock(vm);
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
    END_API(vm);
}

void query(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    int ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY);

    assert(ret == 0);
    virObjectUnlock(vm);
    virObjectLock(vm);
    qemuDomainObjEndJob(qemu_driver, vm);
    END_API(vm);
}

/* Nobody has a long job beside who changes the domain, if he may. */
void modify_alone(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;

    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY) == 0) {
        assert(!priv->job.asyncJob);
        virObjectUnlock(vm);
        virObjectLock(vm);
        assert(!priv->job.asyncJob);
        qemuDomainObjEndJob(qemu_driver, vm);
    }
    END_API(vm);
}

void long_job_or_none(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);

    if (qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP) == 0) {
        virObjectUnlock(vm);
        virObjectLock(vm);
        qemuDomainObjEndAsyncJob(qemu_driver, vm);
    }
    END_API(vm);
}

/* Waits for the end of the long job that there is. */
void modify_later(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret;

    if (priv->job.asyncJob) {
        ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY);
        assert(ret == 0 && !priv->job.asyncJob);
        qemuDomainObjEndJob(qemu_driver, vm);
    }
    END_API(vm);
}

/* A command within a long job waits until a query is done. */
void nested_in_turn(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);

    assert(ret == 0);
    virObjectUnlock(vm);
    virObjectLock(vm);
    ret = qemuDomainObjBeginNestedJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0 && priv->job.active == QEMU_JOB_ASYNC_NESTED);
    virObjectUnlock(vm);
    virObjectLock(vm);
    qemuDomainObjEndJob(qemu_driver, vm);
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
    END_API(vm);
}

/* A command within a long job, which ends when the monitor is left. */
void command_in_a_long_job(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);

    assert(ret == 0);
    ret = qemuDomainObjEnterMonitorAsync(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0);
    ret = qemuMonitorCommand(priv->mon);
    assert(ret == 0);
#ifdef EXIT_DROPS_A_REFERENCE
    virObjectRef(vm);
#endif
    qemuDomainObjExitMonitor(qemu_driver, vm);
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
    END_API(vm);
}

/* Without the job where the time is up, and with it else. */
void in_time(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    bool free = qemuDomainJobAllowed(priv, QEMU_JOB_MODIFY);
    int ret;

    ret = qemuDomainObjWaitForJob(qemu_driver, vm, QEMU_JOB_MODIFY, QEMU_ASYNC_JOB_NONE);
    assert(ret == 0 || (ret == -2 && !free && priv->jobs_queued == 0));
    if (ret == 0) {
#ifdef JOBS_HAVE_REFERENCES
        virObjectRef(vm);
#endif
        qemuDomainObjEndJob(qemu_driver, vm);
    }
    END_API(vm);
}

static bool given_up;

/* Has a long job until another has given up, or had his before. */
void hang_until_given_up(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);

    if (!given_up && qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_SAVE) == 0) {
        while (!given_up)
            virCondWait(&vm->cond, &vm->parent.lock);
        qemuDomainObjEndAsyncJob(qemu_driver, vm);
    }
    END_API(vm);
}

/* The same with a job. */
void be_busy_until_given_up(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);

    if (!given_up && qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY) == 0) {
        while (!given_up)
            virCondWait(&vm->cond, &vm->parent.lock);
        qemuDomainObjEndJob(qemu_driver, vm);
    }
    END_API(vm);
}

void give_up(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    int ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY);

    given_up = true;
    virCondBroadcast(&vm->cond);
    if (ret == 0)
        qemuDomainObjEndJob(qemu_driver, vm);
    END_API(vm);
}

/* Migration. */

void migration(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    struct qemuDomainJobObj *job = &priv->job;
    int ret;

    ret = qemuMigrationJobStart(qemu_driver, vm, QEMU_ASYNC_JOB_MIGRATION_IN);
    assert(ret == 0 && job->mask == JOB_MASK(QEMU_JOB_DESTROY) && job->asyncOwner);
    assert(qemuMigrationJobIsActive(vm, QEMU_ASYNC_JOB_MIGRATION_IN));
    assert(!qemuMigrationJobIsActive(vm, QEMU_ASYNC_JOB_MIGRATION_OUT));
    qemuMigrationJobSetPhase(qemu_driver, vm, 1);
    assert(job->asyncOwner);
    qemuMigrationJobContinue(vm);
    assert(!job->asyncOwner && job->asyncJob == QEMU_ASYNC_JOB_MIGRATION_IN);
    qemuMigrationJobStartPhase(qemu_driver, vm, 2);
    assert(job->asyncOwner);
    qemuMigrationJobFinish(qemu_driver, vm);
    assert(!job->asyncJob && !job->asyncOwner && job->mask == QEMU_JOB_DEFAULT_MASK);

    ret = qemuMigrationJobStart(qemu_driver, vm, QEMU_ASYNC_JOB_MIGRATION_OUT);
    assert(ret == 0);
    assert(job->mask ==
           (QEMU_JOB_DEFAULT_MASK | JOB_MASK(QEMU_JOB_SUSPEND) | JOB_MASK(QEMU_JOB_MIGRATION_OP)));
    qemuMigrationPrepareCleanup(qemu_driver, vm);
    assert(job->asyncJob == QEMU_ASYNC_JOB_MIGRATION_OUT && job->asyncOwner);
    qemuMigrationJobFinish(qemu_driver, vm);

    /* Of a job that is over nobody becomes the owner. */
    qemuDomainObjSetJobPhase(qemu_driver, vm, 3);
    assert(!job->asyncOwner);

    /* The guest stops between two calls. */
    ret = qemuMigrationJobStart(qemu_driver, vm, QEMU_ASYNC_JOB_MIGRATION_IN);
    assert(ret == 0);
    qemuMigrationJobContinue(vm);
    qemuDomainCleanupAdd(vm, qemuMigrationPrepareCleanup);
    qemuDomainCleanupRun(qemu_driver, vm);
    assert(!job->asyncJob && !priv->cleanup && job->mask == QEMU_JOB_DEFAULT_MASK);
    END_API(vm);
}

/* The job is over where it was begun, command and all. */
void discarded(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    struct qemuDomainJobObj *job = &priv->job;
    int ret;

    ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_SAVE);
    assert(ret == 0);
    qemuDomainObjSetAsyncJobMask(vm, QEMU_JOB_NONE);
    ret = qemuDomainObjBeginNestedJob(qemu_driver, vm, QEMU_ASYNC_JOB_SAVE);
    assert(ret == 0);
    qemuDomainObjDiscardAsyncJob(qemu_driver, vm);
    assert(!job->active && !job->asyncJob && !job->asyncOwner && job->mask == QEMU_JOB_DEFAULT_MASK);
    ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY);
    assert(ret == 0);
    qemuDomainObjDiscardAsyncJob(qemu_driver, vm);
    assert(job->active == QEMU_JOB_QUERY);
    qemuDomainObjEndJob(qemu_driver, vm);

    /* One that nobody works on. */
    ret = qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP);
    assert(ret == 0);
    qemuDomainObjReleaseAsyncJob(vm);
    assert(!job->asyncOwner && job->asyncJob == QEMU_ASYNC_JOB_DUMP);
    qemuDomainObjDiscardAsyncJob(qemu_driver, vm);
    assert(!job->asyncJob);
#ifdef JOBS_HAVE_REFERENCES
    virObjectUnref(vm);
    virObjectUnref(vm);
    virObjectUnref(vm);
#endif
    END_API(vm);
}

/* The end of a guest. */

static int cleanups;

static void count_cleanup(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    assert(driver == qemu_driver);
    touch(vm);
    assert(!priv->cleanup && !priv->mon);
    cleanups++;
}

/* Who has no use for what is told him. */
static void no_cleanup(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    assert(false);
}

static void stop(virDomainObjPtr vm)
{
    int ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_DESTROY);

    assert(ret == 0);
    ret = qemuProcessKill(vm, VIR_QEMU_PROCESS_KILL_FORCE);
    assert(ret == 0);
    STOP(vm);
    assert(!virDomainObjIsActive(vm));
    qemuDomainObjEndJob(qemu_driver, vm);
}

void stopped(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    virDomainDefPtr next = vm->newDef;
    qemuMonitorPtr mon = virObjectRef(priv->mon);
    qemuAgentPtr agent = virObjectRef(priv->agent);

    qemuDomainCleanupRun(qemu_driver, vm);
    qemuDomainCleanupAdd(vm, no_cleanup);
    qemuDomainCleanupRemove(vm, no_cleanup);
    assert(!priv->cleanup);
    qemuDomainCleanupAdd(vm, count_cleanup);
    qemuDomainCleanupRemove(vm, no_cleanup);
    assert(priv->cleanup == count_cleanup);
    stop(vm);
    assert(!priv->mon && !priv->agent && !priv->cleanup && cleanups == 1);
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
    qemuDomainCleanupAdd(vm, no_cleanup);
    stop(vm);
    assert(priv->cleanup == no_cleanup);
    qemuDomainCleanupRemove(vm, no_cleanup);

    /* A guest that has no agent. */
    priv->mon = g_new0(qemuMonitor, 1);
    vm->def->id = 1;
    stop(vm);
    assert(!priv->mon);
    qemuProcessDisconnect(vm);
    qemuMonitorClose(NULL);
    qemuAgentClose(NULL);
    END_API(vm);
}

/* Connections. */

#include "era-connections.c"

/* Waits for QEMU within a job. Whoever answers needs the domain first. */
void ask_while_others_look(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuMonitorMessage msg = { false };
    int ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY);

    assert(ret == 0);
    qemuDomainObjEnterMonitor(qemu_driver, vm);
    ret = qemuMonitorSend(priv->mon, &msg);
    assert(ret == 0);
    qemuDomainObjExitMonitor(qemu_driver, vm);
    touch(vm);
    qemuDomainObjEndJob(qemu_driver, vm);
    END_API(vm);
}

void look_and_answer(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuMonitorPtr mon = virObjectRef(priv->mon);

    touch(vm);
    END_API(vm);
    qemuMonitorAnswered(mon);
    virObjectUnref(mon);
}

/* The same with the agent. */
void ask_the_agent_while_others_look(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY);

    assert(ret == 0 && qemuDomainAgentAvailable(vm, true));
    qemuDomainObjEnterAgent(vm);
    ret = qemuAgentSend(priv->agent);
    assert(ret == 0);
    qemuDomainObjExitAgent(vm);
    touch(vm);
    qemuDomainObjEndJob(qemu_driver, vm);
    END_API(vm);
}

void look_and_answer_as_the_agent(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuAgentPtr agent = virObjectRef(priv->agent);

    touch(vm);
    END_API(vm);
    qemuAgentAnswered(agent);
    virObjectUnref(agent);
}

/* Another daemon, which asks for the domain before it answers. */
static virMutex peer;
static virCond peer_has_answered;
static bool peer_answered;

void ask_another_daemon(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);

    qemuDomainObjEnterRemote(vm);
    virMutexLock(&peer);
    while (!peer_answered)
        virCondWait(&peer_has_answered, &peer);
    virMutexUnlock(&peer);
    qemuDomainObjExitRemote(vm);
    touch(vm);
    END_API(vm);
}

void another_daemon(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);

    touch(vm);
    END_API(vm);
    virMutexLock(&peer);
    peer_answered = true;
    virCondSignal(&peer_has_answered);
    virMutexUnlock(&peer);
}

/* May lose the guest at any time. */
void look(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;

    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY) == 0) {
        assert(!virDomainObjIsActive(vm) || priv->mon);
        qemuDomainObjEndJob(qemu_driver, vm);
    }
    END_API(vm);
}

void agent_command(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY);

    assert(ret == 0);
    if (qemuDomainAgentAvailable(vm, true)) {
        qemuDomainObjEnterAgent(vm);
        ret = qemuAgentCommand(priv->agent);
        assert(ret == 0);
        qemuDomainObjExitAgent(vm);
    }
    qemuDomainObjEndJob(qemu_driver, vm);
    END_API(vm);
}

/* Waits for an answer that does not come. */
void wait_for_the_agent(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY);

    assert(ret == 0);
    if (qemuDomainAgentAvailable(vm, true)) {
        qemuDomainObjEnterAgent(vm);
        ret = qemuAgentSend(priv->agent);
        assert(ret == -1);
        qemuDomainObjExitAgent(vm);
    }
    qemuDomainObjEndJob(qemu_driver, vm);
    END_API(vm);
}

/* What is there, and what is not. */
void connections(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuMonitorPtr mon;
    qemuAgentPtr agent = priv->agent;
    int ret;

    assert(qemuDomainAgentAvailable(vm, true));
    priv->agentError = true;
    assert(!qemuDomainAgentAvailable(vm, true));
    priv->agentError = false;
    vm->def->id = -1;
    assert(!qemuDomainAgentAvailable(vm, true));
    vm->def->id = 1;
    ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY);
    assert(ret == 0);
    qemuDomainObjEnterAgent(vm);
    qemuDomainObjExitAgent(vm);
    assert(priv->agent == agent);
    qemuDomainObjEnterAgent(vm);
    agent->closed = true;
    ret = qemuAgentCommand(agent);
    assert(ret == -1);

    /* The last reference goes with the call. */
    virObjectUnref(agent);
    qemuDomainObjExitAgent(vm);
    assert(!priv->agent && !qemuDomainAgentAvailable(vm, true));

    mon = virObjectRef(priv->mon);
    qemuDomainObjEnterMonitor(qemu_driver, vm);
    ret = qemuMonitorCommand(mon);
    assert(ret == 0);
    virObjectUnlock(mon);
    qemuMonitorGone(mon);
    virObjectLock(mon);
    ret = qemuMonitorCommand(mon);
    assert(ret == -1);
    qemuDomainObjExitMonitor(qemu_driver, vm);
    assert(priv->mon == mon);
    virObjectUnref(mon);
    virObjectUnref(mon);
    mon = priv->mon = g_new0(qemuMonitor, 1);
    qemuDomainObjEnterMonitor(qemu_driver, vm);
    virObjectUnref(mon);
    qemuDomainObjExitMonitor(qemu_driver, vm);
    assert(!priv->mon);
    qemuDomainObjEndJob(qemu_driver, vm);
    END_API(vm);
}
