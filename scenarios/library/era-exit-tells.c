/* Leaving the monitor tells whether the guest runs still, from 2015 to 2021. */
void exit_tells(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_QUERY);

    assert(ret == 0);
    qemuDomainObjEnterMonitor(qemu_driver, vm);
    ret = qemuDomainObjExitMonitor(qemu_driver, vm);
    assert(ret == 0 && priv->job.active == QEMU_JOB_QUERY);
    qemuDomainObjEnterMonitor(qemu_driver, vm);
    virObjectLock(vm);
    vm->def->id = -1;
    virObjectUnlock(vm);
    ret = qemuDomainObjExitMonitor(qemu_driver, vm);
    assert(ret == -1 && priv->mon);
    qemuDomainObjEndJob(qemu_driver, vm);
    END_API(vm);
}
