/* What threads do in libvirt from December 2014 to 2016. Each begins and ends without a lock. */

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
    qemuDomainObjEndJob(qemu_driver, vm);
cleanup:
    qemuDomObjEndAPI(&vm);
}

/* What needs no job. */
void look(virDomainPtr dom)
{
    virDomainObjPtr vm;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    touch(vm);
    qemuDomObjEndAPI(&vm);
}

/* Needs another domain while it has this one. */
void compare(virDomainPtr dom, virDomainPtr other)
{
    virDomainObjPtr vm, with;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    if ((with = qemuDomObjFromDomain(other))) {
        touch(with);
        qemuDomObjEndAPI(&with);
    }
    qemuDomObjEndAPI(&vm);
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
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
cleanup:
    qemuDomObjEndAPI(&vm);
}

/* The domain is forgotten. What is said of it afterwards is said without its lock. */
void undefine(virDomainPtr dom)
{
    virDomainObjPtr vm;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    virDomainObjListRemove(qemu_driver->domains, vm);
    virObjectUnref(vm);
}

/* The guest of a transient domain is stopped, and the domain goes with it. */
void destroy_transient(virDomainPtr dom)
{
    virDomainObjPtr vm;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_DESTROY) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm))
        qemuProcessStop(qemu_driver, vm, 0, 0);
    qemuDomainObjEndJob(qemu_driver, vm);
    qemuDomainRemoveInactive(qemu_driver, vm);
cleanup:
    qemuDomObjEndAPI(&vm);
}

/* Puts into the configuration what QEMU has said. */
static void balloon(virDomainPtr dom, bool asks)
{
    virDomainObjPtr vm;
    virDomainDefPtr def;
    qemuDomainObjPrivatePtr priv;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY) < 0)
        goto cleanup;
    if (!virDomainObjIsActive(vm))
        goto endjob;
    priv = vm->privateData;
    def = vm->def;
    qemuDomainObjEnterMonitor(qemu_driver, vm);
    qemuMonitorCommand(priv->mon);
#ifdef EXIT_TELLS
    if (qemuDomainObjExitMonitor(qemu_driver, vm) < 0 && asks)
        goto endjob;
#else
    qemuDomainObjExitMonitor(qemu_driver, vm);
#endif
    access(def);

endjob:
    qemuDomainObjEndJob(qemu_driver, vm);
cleanup:
    qemuDomObjEndAPI(&vm);
}

void unsuspecting(virDomainPtr dom)
{
    balloon(dom, false);
}

void asking(virDomainPtr dom)
{
    balloon(dom, true);
}

/* Waits for QEMU's answer, which does not come. */
void wait_for_answer(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;
    qemuMonitorMessage msg = { false };

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitor(qemu_driver, vm);
        qemuMonitorSend(priv->mon, &msg);
        qemuDomainObjExitMonitor(qemu_driver, vm);
    }
    qemuDomainObjEndJob(qemu_driver, vm);
cleanup:
    qemuDomObjEndAPI(&vm);
}

/* QEMU is gone for good. */
void dies(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;
    qemuMonitorPtr mon;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return;
    priv = vm->privateData;
    mon = virObjectRef(priv->mon);
    virObjectUnlock(vm);
    qemuMonitorGone(mon);
    qemuProcessHandleMonitorEOF(mon, vm);
    virObjectUnref(mon);
    virObjectUnref(vm);
}
