/* A guest is destroyed and removed in August 2012. */

/* QEMU is killed first, so that whoever has the job gives it back. The event loop is told only then to leave the guest alone. */
void destroy(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (!vm)
        goto cleanup;
    priv = vm->privateData;
    ignore_value(qemuProcessKill(driver, vm, VIR_QEMU_PROCESS_KILL_FORCE));
    priv->beingDestroyed = true;
    if (qemuDomainObjBeginJobWithDriver(driver, vm, QEMU_JOB_DESTROY) < 0)
        goto cleanup;
    priv->beingDestroyed = false;
    if (!virDomainObjIsActive(vm))
        goto endjob;
    qemuProcessStop(driver, vm, VIR_DOMAIN_SHUTOFF_DESTROYED, 0);
    if (!vm->persistent) {
        if (qemuDomainObjEndJob(driver, vm))
            qemuDomainRemoveInactive(driver, vm);
        vm = NULL;
    }

endjob:
    if (vm && qemuDomainObjEndJob(driver, vm) == 0)
        vm = NULL;

cleanup:
    if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

void undefine(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (vm && !virDomainObjIsActive(vm))
        qemuDomainRemoveInactive(driver, vm);
    else if (vm)
        virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* QEMU answers, once who asks is asleep. */
void answers(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuMonitorIO(priv->mon, 0);
}
