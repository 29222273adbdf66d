/* What threads do in libvirt 9.0.0: calls of the API, workers and event threads. Each begins and
 * ends without a lock. */

/* The usual pattern: look up, begin a job, see whether the guest runs, ask QEMU, end the job. */
void query(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuDomainObjPrivate *priv;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) < 0)
        goto cleanup;
    if (virDomainObjCheckActive(vm) < 0)
        goto endjob;
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    touch(vm);

endjob:
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* Changes the configuration, of the running guest or of the next start. */
void modify(virDomainPtr dom)
{
    virDomainObj *vm;
    virDomainDef *def;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    if ((def = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_CURRENT)))
        access(def);
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* Statistics of many domains: who is busy is left out. */
void stats(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuDomainObjPrivate *priv;
    bool haveJob;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    haveJob = virDomainObjBeginJobNowait(vm, VIR_JOB_QUERY) == 0;
    if (haveJob && virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitor(vm);
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitor(vm);
    }
    if (haveJob)
        virDomainObjEndJob(vm);
    virDomainObjEndAPI(&vm);
}

void agent(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuAgent *agent;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    if (virDomainObjBeginAgentJob(vm, VIR_AGENT_JOB_QUERY) < 0)
        goto cleanup;
    if (!qemuDomainAgentAvailable(vm, true))
        goto endjob;
    agent = qemuDomainObjEnterAgent(vm);
    qemuAgentCommand(agent);
    qemuDomainObjExitAgent(vm, agent);
    touch(vm);

endjob:
    virDomainObjEndAgentJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

void destroy(virDomainPtr dom)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    if (virDomainObjCheckActive(vm) < 0)
        goto cleanup;
    if (qemuProcessBeginStopJob(vm, VIR_JOB_DESTROY, true) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm))
        qemuProcessStop(qemu_driver, vm, 0, VIR_ASYNC_JOB_NONE, 0);
    qemuDomainRemoveInactive(qemu_driver, vm, 0, false);
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* The domain is forgotten, once its guest is gone. */
void undefine(virDomainPtr dom)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        goto cleanup;
    vm->persistent = false;
    if (!virDomainObjIsActive(vm))
        qemuDomainRemoveInactive(qemu_driver, vm, 0, false);
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* Starts the guest. Whoever has the job of a domain can rely on it that the domain is on the
 * list. */
void create(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuDomainObjPrivate *priv;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    priv = vm->privateData;
    if (qemuProcessBeginJob(vm, 0, 0) < 0)
        goto cleanup;
    if (!virDomainObjIsActive(vm)) {
        assert(vm->listed);
        priv->mon = g_new0(qemuMonitor, 1);
        vm->def->id = 1;
    }
    qemuProcessEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* A new domain, and a transient one: nobody knows it before it is on the list. */
void define(virConnectPtr conn)
{
    virDomainDef *def = g_new0(virDomainDef, 1);
    virDomainObj *vm;

    def->id = -1;
    if (!(vm = virDomainObjListAdd(qemu_driver->domains, &def, NULL, 0, NULL))) {
        g_free(def);
        return;
    }
    vm->persistent = true;
    virDomainObjEndAPI(&vm);
}

static int count(virDomainObj *vm, void *opaque)
{
    VIR_LOCK_GUARD lock = virObjectLockGuard(vm);

    return virDomainObjIsActive(vm) ? 1 : 0;
}

void list(virConnectPtr conn)
{
    virDomainObjListForEach(qemu_driver->domains, false, count, NULL);
}

/* A long job: each command is a job of its own, and others come in between. */
void dump(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuDomainObjPrivate *priv;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0) < 0)
        goto cleanup;
    if (virDomainObjCheckActive(vm) < 0)
        goto endjob;
    priv = vm->privateData;
    if (qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_DUMP) < 0)
        goto endjob;
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    if (qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_DUMP) < 0)
        goto endjob;
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);

endjob:
    virDomainObjEndAsyncJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* A migration comes in: one call begins, and hands the job on. */
void prepare(virDomainPtr dom)
{
    virDomainObj *vm;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    if (qemuMigrationJobStart(vm, VIR_ASYNC_JOB_MIGRATION_IN, 0) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm))
        qemuMigrationJobContinue(vm, qemuMigrationDstPrepareCleanup);
    else
        qemuMigrationJobFinish(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* Another adopts it, where it is there. */
void finish(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuDomainObjPrivate *priv;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    if (!qemuMigrationJobIsActive(vm, VIR_ASYNC_JOB_MIGRATION_IN))
        goto cleanup;
    if (qemuMigrationJobStartPhase(vm, 0) < 0)
        goto cleanup;
    qemuDomainCleanupRemove(vm, qemuMigrationDstPrepareCleanup);
    priv = vm->privateData;
    if (qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_MIGRATION_IN) == 0) {
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitor(vm);
    }
    qemuMigrationJobFinish(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* Mistakes. */

/* Keeps what vm->def was between two jobs of an async job. */
void forgetful_dump(virDomainPtr dom)
{
    virDomainObj *vm;
    virDomainDef *def;
    qemuDomainObjPrivate *priv;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_DUMP, 0, 0) < 0)
        goto cleanup;
    if (virDomainObjCheckActive(vm) < 0)
        goto endjob;
    def = vm->def;
    priv = vm->privateData;
    if (qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_DUMP) < 0)
        goto endjob;
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    virObjectUnlock(vm); /* waits until the dump is written */
    virObjectLock(vm);
    access(def);

endjob:
    virDomainObjEndAsyncJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* Asks before it has the job, and not afterwards. */
void early(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuDomainObjPrivate *priv;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    if (virDomainObjCheckActive(vm) < 0)
        goto cleanup;
    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) < 0)
        goto cleanup;
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* The reference goes at the end of the scope, and the lock does not. */
void automatic(virDomainPtr dom)
{
    g_autoptr(virDomainObj) vm = qemuDomainObjFromDomain(dom);

    if (!vm)
        return;
    touch(vm);
}

/* Asks the agent with a sync job. */
void wrong_job(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuAgent *agent;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return;
    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) < 0)
        goto cleanup;
    if (qemuDomainAgentAvailable(vm, true)) {
        agent = qemuDomainObjEnterAgent(vm);
        qemuAgentCommand(agent);
        qemuDomainObjExitAgent(vm, agent);
    }
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
}
