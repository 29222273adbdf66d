/* Starting and stopping a guest in libvirt 9.0.0, and what happens when QEMU is gone. */

#define VIR_QEMU_PROCESS_KILL_FORCE (1 << 0)

/* Ends QEMU, and waits for it. The event thread hears of it, and comes to
 * qemuProcessHandleMonitorEOF. */
int qemuProcessKill(virDomainObj *vm, unsigned int flags)
{
    check(missing_lock, held(&vm->parent.lock));

    access(vm);
    return 0;
}

/* A start is an async job, which lets nobody in but who destroys the domain. */
int qemuProcessBeginJob(virDomainObj *vm, int operation, unsigned int apiFlags)
{
    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_START, operation, apiFlags) < 0)
        return -1;
    qemuDomainObjSetAsyncJobMask(vm, VIR_JOB_NONE);
    return 0;
}

void qemuProcessEndJob(virDomainObj *vm)
{
    virDomainObjEndAsyncJob(vm);
}

/* A job for qemuProcessStop. QEMU is killed first, so that whoever has the job and waits for
 * QEMU gives it back. */
int qemuProcessBeginStopJob(virDomainObj *vm, virDomainJob job, bool forceKill)
{
    qemuDomainObjPrivate *priv = vm->privateData;
    int ret = -1;

    check(missing_lock, held(&vm->parent.lock));

    priv->beingDestroyed = true;
    if (qemuProcessKill(vm, forceKill ? VIR_QEMU_PROCESS_KILL_FORCE : 0) < 0)
        goto cleanup;
    virDomainObjBroadcast(vm);
    if (virDomainObjBeginJob(vm, job) < 0)
        goto cleanup;
    ret = 0;

cleanup:
    priv->beingDestroyed = false;
    return ret;
}

/* What is to be done when the guest stops, whoever stops it. */
void qemuDomainCleanupAdd(virDomainObj *vm, qemuDomainCleanupCallback cb)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    priv->cleanup = cb;
}

void qemuDomainCleanupRemove(virDomainObj *vm, qemuDomainCleanupCallback cb)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    if (priv->cleanup == cb)
        priv->cleanup = NULL;
}

void qemuDomainCleanupRun(virQEMUDriver *driver, virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;
    qemuDomainCleanupCallback cb = priv->cleanup;

    if (cb) {
        priv->cleanup = NULL;
        cb(driver, vm);
    }
}

/* Ends the thread of the guest's events. A handler may be running that waits for the domain, so
 * that is unlocked meanwhile. */
void qemuDomainObjStopWorker(virDomainObj *dom)
{
    qemuDomainObjPrivate *priv = dom->privateData;
    virEventThread *eventThread = priv->eventThread;

    if (!eventThread)
        return;
    priv->eventThread = NULL;
    virObjectUnlock(dom);
    virMutexLock(&eventThread->running);
    virMutexUnlock(&eventThread->running);
    virObjectLock(dom);
}

/* A backup ends with its guest, whichever thread works on it. */
void qemuBackupJobTerminate(virDomainObj *vm, int jobstatus)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    priv->backup = false;
    if (vm->job->asyncJob == VIR_ASYNC_JOB_BACKUP) {
        qemuDomainObjDiscardAsyncJob(vm);
        virCondBroadcast(&vm->job->asyncCond);
    }
}

/* The guest is inactive from here on, and vm->def may be another. Within an async job this is a
 * job of its own; else the caller has one. The domain is unlocked on the way. */
void qemuProcessStop(virQEMUDriver *driver, virDomainObj *vm, int reason,
                     virDomainAsyncJob asyncJob, unsigned int flags)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    check(missing_lock, held(&vm->parent.lock));

    if (asyncJob != VIR_ASYNC_JOB_NONE) {
        if (virDomainObjBeginNestedJob(vm, asyncJob) < 0)
            return;
    } else {
        check(no_job, held(&vm->job->active));
    }

    if (!virDomainObjIsActive(vm))
        goto endjob;

    if (priv->agent)
        g_clear_pointer(&priv->agent, qemuAgentClose);
    if (priv->mon)
        g_clear_pointer(&priv->mon, qemuMonitorClose);
    qemuDomainObjStopWorker(vm);
    qemuDomainCleanupRun(driver, vm);
    vm->def->id = -1;
    virDomainObjBroadcast(vm);
    if (priv->backup)
        qemuBackupJobTerminate(vm, 0);
    virDomainObjRemoveTransientDef(vm);

endjob:
    if (asyncJob != VIR_ASYNC_JOB_NONE)
        virDomainObjEndJob(vm);
}

/* Off the list, unless the domain is persistent. The caller's lock and reference stay. */
void qemuDomainRemoveInactive(virQEMUDriver *driver, virDomainObj *vm, int flags, bool outgoingMigration)
{
    check(missing_lock, held(&vm->parent.lock));
    check(no_job, held(&vm->job->active) || held(&vm->job->asyncOwner));

    if (vm->persistent)
        return;
    virDomainObjListRemove(driver->domains, vm);
}

void qemuDomainRemoveInactiveLocked(virQEMUDriver *driver, virDomainObj *vm)
{
    check(missing_lock, held(&vm->parent.lock));

    if (vm->persistent)
        return;
    virDomainObjListRemoveLocked(driver->domains, vm);
}

/* What a worker thread does with the event that QEMU is gone. The worker has the domain locked
 * and referenced, and ends the call. */
void processMonitorEOFEvent(virQEMUDriver *driver, virDomainObj *vm)
{
    if (qemuProcessBeginStopJob(vm, VIR_JOB_DESTROY, true) < 0)
        return;
    if (virDomainObjIsActive(vm))
        qemuProcessStop(driver, vm, 0, VIR_ASYNC_JOB_NONE, 0);
    qemuDomainRemoveInactive(driver, vm, 0, false);
    virDomainObjEndJob(vm);
}

/* A worker, with the reference that the event came with. */
void *qemuProcessEventHandler(void *data)
{
    virDomainObj *vm = data;

    virObjectLock(vm);
    processMonitorEOFEvent(qemu_driver, vm);
    virDomainObjEndAPI(&vm);
    return NULL;
}

/* Whoever hears of an event must not wait for a job: the thread in which handlers run is needed
 * for QEMU's answers. So a worker takes it on. libvirt has a pool of them; here each event has a
 * thread of its own. */
void qemuProcessEventSubmit(virDomainObj *vm, int eventType, int action, int status, void *data)
{
    pthread_t worker;

    check(missing_lock, held(&vm->parent.lock));

    virObjectRef(vm);
    if (pthread_create(&worker, NULL, qemuProcessEventHandler, vm) == 0)
        pthread_detach(worker);
}

/* Runs in the thread of the domain's events, which has the monitor's reference to the domain and
 * holds nothing. */
void qemuProcessHandleMonitorEOF(qemuMonitor *mon, virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    virObjectLock(vm);
    if (!priv->beingDestroyed)
        qemuProcessEventSubmit(vm, 0, 0, 0, NULL);
    virObjectUnlock(vm);
}

/* The client that started the guest is gone. The runner of the callbacks has the domain locked
 * and referenced, and keeps both. */
void qemuProcessAutoDestroy(virDomainObj *dom, virConnectPtr conn)
{
    check(missing_lock, held(&dom->parent.lock));

    if (dom->job->asyncJob)
        qemuDomainObjDiscardAsyncJob(dom);
    if (qemuProcessBeginStopJob(dom, VIR_JOB_DESTROY, true) < 0)
        return;
    qemuProcessStop(qemu_driver, dom, 0, VIR_ASYNC_JOB_NONE, 0);
    qemuDomainRemoveInactive(qemu_driver, dom, 0, false);
    virDomainObjEndJob(dom);
}

/* The fault `domain-death`: QEMU dies, or not, and the event thread notices. It has a reference
 * to the monitor, and the monitor one to its domain; here both are taken when QEMU dies. */
void qemuProcessDied(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuDomainObjPrivate *priv;
    virEventThread *thread;
    qemuMonitor *mon;

    if (nondet() || !(vm = qemuDomainObjFromDomain(dom)))
        return;
    priv = vm->privateData;
    thread = priv->eventThread;
    mon = virObjectRef(priv->mon);
    virObjectUnlock(vm);
    if (thread && mon) {
        virMutexLock(&thread->running);
        qemuMonitorGone(mon);
        qemuProcessHandleMonitorEOF(mon, vm);
        virMutexUnlock(&thread->running);
    }
    virObjectUnref(mon);
    virObjectUnref(vm);
}
