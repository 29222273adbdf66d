/* What threads do in libvirt of February 2013. Each begins and ends without a lock. */

/* The usual pattern: look up, begin a job, see whether the guest runs, ask QEMU, end the job. */
void query(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitor(qemu_driver, vm);
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitor(qemu_driver, vm);
    }
    if (!qemuDomainObjEndJob(qemu_driver, vm))
        vm = NULL;
cleanup:
    if (vm)
        virObjectUnlock(vm);
}

/* What needs no job. */
void look(virDomainPtr dom)
{
    virDomainObjPtr vm;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    touch(vm);
    virObjectUnlock(vm);
}

/* Needs another domain while it has this one. */
void compare(virDomainPtr dom, virDomainPtr other)
{
    virDomainObjPtr vm, with;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    if ((with = qemuDomObjFromDomain(other))) {
        touch(with);
        virObjectUnlock(with);
    }
    virObjectUnlock(vm);
}

/* A long job: each command is a job of its own, and others come in between. */
void dump(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    if (qemuDomainObjBeginAsyncJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP) < 0)
        goto cleanup;
    priv = vm->privateData;
    if (virDomainObjIsActive(vm) &&
        qemuDomainObjEnterMonitorAsync(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP) == 0) {
        qemuMonitorCommand(priv->mon);
        qemuDomainObjExitMonitor(qemu_driver, vm);
    }
    if (!qemuDomainObjEndAsyncJob(qemu_driver, vm))
        vm = NULL;
cleanup:
    if (vm)
        virObjectUnlock(vm);
}

/* The domain is forgotten, once its guest is gone. */
void undefine(virDomainPtr dom)
{
    virDomainObjPtr vm;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    vm->persistent = false;
    qemuDomainRemoveInactive(qemu_driver, vm);
}

void destroy(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    priv = vm->privateData;
    priv->beingDestroyed = true;
    if (qemuProcessKill(vm, VIR_QEMU_PROCESS_KILL_FORCE) < 0 ||
        qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_DESTROY) < 0) {
        priv->beingDestroyed = false;
        goto cleanup;
    }
    priv->beingDestroyed = false;
    if (virDomainObjIsActive(vm))
        qemuProcessStop(qemu_driver, vm, 0, 0);
    if (!qemuDomainObjEndJob(qemu_driver, vm))
        vm = NULL;
cleanup:
    if (vm)
        virObjectUnlock(vm);
}
