/* Stopping a guest since February 2016: in a job, whoever stops it. */

/* A job for qemuProcessStop. QEMU is killed first, so that whoever has the job and waits for
 * QEMU gives it back. */
int qemuProcessBeginStopJob(virQEMUDriverPtr driver, virDomainObjPtr vm, qemuDomainJob job, bool forceKill)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = -1;

    check(missing_lock, held(&vm->parent.lock));

    priv->beingDestroyed = true;
    if (qemuProcessKill(vm, forceKill ? VIR_QEMU_PROCESS_KILL_FORCE : 0) < 0)
        goto cleanup;
    virDomainObjBroadcast(vm);
    if (qemuDomainObjBeginJob(driver, vm, job) < 0)
        goto cleanup;
    ret = 0;

cleanup:
    priv->beingDestroyed = false;
    return ret;
}

/* The guest is inactive from here on, and vm->def may be another. Within an async job this is a
 * job of its own; else the caller has one. */
void qemuProcessStop(virQEMUDriverPtr driver, virDomainObjPtr vm, int reason,
                     qemuDomainAsyncJob asyncJob, unsigned int flags)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->parent.lock));

    if (asyncJob != QEMU_ASYNC_JOB_NONE) {
        if (qemuDomainObjBeginNestedJob(driver, vm, asyncJob) < 0)
            return;
    } else {
        check(no_job, held(&priv->job.active));
    }

    if (!virDomainObjIsActive(vm))
        goto endjob;

    qemuProcessDisconnect(vm);
    qemuDomainObjStopWorker(vm);
    qemuDomainCleanupRun(driver, vm);
    vm->def->id = -1;
    virDomainObjBroadcast(vm);
    qemuDomainObjRemoveTransientDef(vm);

endjob:
    if (asyncJob != QEMU_ASYNC_JOB_NONE)
        qemuDomainObjEndJob(driver, vm);
}
