/* What threads do in libvirt from 2016 to 2021. Each begins and ends without a lock. What has
 * another name or other parameters in the course of this time is in capitals. */

/* The usual pattern: look up, begin a job, see whether the guest runs, ask QEMU, end the job. */
void query(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitor(qemu_driver, vm);
        qemuMonitorCommand(priv->mon);
        if (qemuDomainObjExitMonitor(qemu_driver, vm) == 0)
            touch(vm);
    }
    qemuDomainObjEndJob(qemu_driver, vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* Waits for QEMU's answer, which does not come. */
void wait_for_answer(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;
    qemuMonitorMessage msg = { false };

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        priv = vm->privateData;
        qemuDomainObjEnterMonitor(qemu_driver, vm);
        qemuMonitorSend(priv->mon, &msg);
        ignore_value(qemuDomainObjExitMonitor(qemu_driver, vm));
    }
    qemuDomainObjEndJob(qemu_driver, vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* QEMU is gone for good. */
void dies(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;
    qemuMonitorPtr mon;

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    priv = vm->privateData;
    mon = virObjectRef(priv->mon);
    virObjectUnlock(vm);
    qemuMonitorGone(mon);
    qemuProcessHandleMonitorEOF(mon, vm);
    virObjectUnref(mon);
    virObjectUnref(vm);
}

void modify(virDomainPtr dom)
{
    virDomainObjPtr vm;
    virDomainDefPtr def;

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY) < 0)
        goto cleanup;
    if ((def = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_CURRENT)))
        access(def);
    qemuDomainObjEndJob(qemu_driver, vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* A query that takes its time. */
void ask(virDomainPtr dom)
{
    virDomainObjPtr vm;

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY) == 0) {
        virObjectUnlock(vm);
        virObjectLock(vm);
        qemuDomainObjEndJob(qemu_driver, vm);
    }
    virDomainObjEndAPI(&vm);
}

/* Waits for something while it has a sync job, but not for QEMU. */
void busy(virDomainPtr dom)
{
    virDomainObjPtr vm;

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY) == 0) {
        virObjectUnlock(vm);
        virObjectLock(vm);
        qemuDomainObjEndJob(qemu_driver, vm);
    }
    virDomainObjEndAPI(&vm);
}

/* Starts the guest: an async job. Whoever has a job of a domain can rely on it that the domain
 * is on the list. */
void create(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    priv = vm->privateData;
    if (BEGIN_START(vm) < 0)
        goto cleanup;
    if (!virDomainObjIsActive(vm)) {
        assert(vm->listed);
        priv->mon = g_new0(qemuMonitor, 1);
        vm->def->id = 1;
    }
    qemuProcessEndJob(qemu_driver, vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

void destroy(virDomainPtr dom)
{
    virDomainObjPtr vm;

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    if (!virDomainObjIsActive(vm))
        goto cleanup;
    if (qemuProcessBeginStopJob(qemu_driver, vm, QEMU_JOB_DESTROY, true) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm))
        qemuProcessStop(qemu_driver, vm, 0, QEMU_ASYNC_JOB_NONE, 0);
    qemuDomainObjEndJob(qemu_driver, vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* A long job: each command is a job of its own, and others come in between. */
void dump(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    if (BEGIN_ASYNC(vm, QEMU_ASYNC_JOB_DUMP) < 0)
        goto cleanup;
    priv = vm->privateData;
    if (virDomainObjIsActive(vm) &&
        qemuDomainObjEnterMonitorAsync(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP) == 0) {
        qemuMonitorCommand(priv->mon);
        ignore_value(qemuDomainObjExitMonitor(qemu_driver, vm));
    }
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* A long job that looks now and then how far it has come. */
void watch_over(virDomainPtr dom)
{
    virDomainObjPtr vm;

    if (!(vm = FROM_DOMAIN(dom)))
        return;
    if (BEGIN_ASYNC(vm, QEMU_ASYNC_JOB_DUMP) < 0)
        goto cleanup;
    virObjectUnlock(vm);
    virObjectLock(vm);
    if (qemuDomainObjBeginNestedJob(qemu_driver, vm, QEMU_ASYNC_JOB_DUMP) == 0)
        qemuDomainObjEndJob(qemu_driver, vm);
    qemuDomainObjEndAsyncJob(qemu_driver, vm);
cleanup:
    virDomainObjEndAPI(&vm);
}

/* The guest does something that needs the domain, and then answers its agent. */
void guest(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;
    qemuAgentPtr agent;

    query(dom);
    if (!(vm = FROM_DOMAIN(dom)))
        return;
    priv = vm->privateData;
    agent = virObjectRef(priv->agent);
    virDomainObjEndAPI(&vm);
    if (agent)
        qemuAgentAnswered(agent);
    virObjectUnref(agent);
}
