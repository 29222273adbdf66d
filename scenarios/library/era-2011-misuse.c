/* Who breaks a rule of the helpers from July 2011 to January 2013, and no other before it. */

void begin_with_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    ignore_value(qemuDomainObjBeginJob(driver, vm, QEMU_JOB_QUERY));
}

void begin_twice(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    ignore_value(qemuDomainObjBeginJob(driver, vm, QEMU_JOB_QUERY));
    ignore_value(qemuDomainObjBeginJob(driver, vm, QEMU_JOB_QUERY));
}

void end_without_a_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjEndJob(driver, vm);
}

void enter_with_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    qemuDomainObjEnterMonitor(driver, vm);
}

void enter_without_a_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjEnterMonitor(driver, vm);
}

void enter_without_a_guest(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    vm->active = 0;
    ignore_value(qemuDomainObjBeginJob(driver, vm, QEMU_JOB_QUERY));
    qemuDomainObjEnterMonitor(driver, vm);
}

void leave_with_the_domain(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjExitMonitor(driver, vm);
}

void leave_with_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    qemuDomainObjExitMonitor(driver, vm);
}

void remove_with_nothing_but_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainRemoveInactive(&driver->domains, vm);
}

void command_without_the_monitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuMonitorCommand(priv->mon);
}

void command_with_the_driver(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuDriverLock(driver);
    qemuMonitorLock(priv->mon);
    qemuMonitorCommand(priv->mon);
}

void send_without_the_monitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuMonitorSend(priv->mon, NULL);
}

void send_with_the_driver(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuDriverLock(driver);
    qemuMonitorLock(priv->mon);
    qemuMonitorSend(priv->mon, NULL);
}

/* Another daemon is asked with nothing locked. */
void ask_another_daemon_with_nothing_but_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    qemuDomainObjEnterRemoteWithDriver(driver, vm);
}

void come_back_with_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    qemuDomainObjExitRemoteWithDriver(driver, vm);
}

void come_back_with_the_domain(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjExitRemoteWithDriver(driver, vm);
}

/* Long jobs. */

static void begin_a_long_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    ignore_value(qemuDomainObjBeginAsyncJob(driver, vm, QEMU_ASYNC_JOB_DUMP));
}

static void begin_a_long_job_twice(virDomainObjPtr vm)
{
    begin_a_long_job(vm);
    ignore_value(qemuDomainObjBeginAsyncJob(driver, vm, QEMU_ASYNC_JOB_DUMP));
}

void nest_in_no_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    ignore_value(qemuDomainObjBeginJob(driver, vm, QEMU_JOB_ASYNC_NESTED));
}

void change_in_a_long_job(virDomainObjPtr vm)
{
    begin_a_long_job(vm);
    ignore_value(qemuDomainObjBeginJob(driver, vm, QEMU_JOB_MODIFY));
}

void end_without_a_long_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjEndAsyncJob(driver, vm);
}

void end_a_long_job_before_its_query(virDomainObjPtr vm)
{
    begin_a_long_job(vm);
    ignore_value(qemuDomainObjBeginJob(driver, vm, QEMU_JOB_QUERY));
    qemuDomainObjEndAsyncJob(driver, vm);
}

void have_a_long_job(virDomainObjPtr vm)
{
    begin_a_long_job(vm);
    virDomainObjUnlock(vm);
    virDomainObjLock(vm);
    qemuDomainObjEndAsyncJob(driver, vm);
    virDomainObjUnlock(vm);
}

void discard_anothers_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjDiscardAsyncJob(driver, vm);
    virDomainObjUnlock(vm);
}
