/* Who breaks a rule of the helpers of 2009 to 2011, and no other before it. */

void begin_with_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    ignore_value(qemuDomainObjBeginJob(vm));
}

void begin_with_nothing_but_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    ignore_value(qemuDomainObjBeginJobWithDriver(driver, vm));
}

void begin_twice(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    ignore_value(qemuDomainObjBeginJob(vm));
    ignore_value(qemuDomainObjBeginJob(vm));
}

void begin_twice_with_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    ignore_value(qemuDomainObjBeginJobWithDriver(driver, vm));
    ignore_value(qemuDomainObjBeginJobWithDriver(driver, vm));
}

void end_without_a_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjEndJob(vm);
}

void enter_with_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    qemuDomainObjEnterMonitor(vm);
}

void enter_without_a_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjEnterMonitor(vm);
}

void enter_without_a_guest(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    vm->active = 0;
    ignore_value(qemuDomainObjBeginJob(vm));
    qemuDomainObjEnterMonitor(vm);
}

void leave_with_the_domain(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjExitMonitor(vm);
}

void leave_with_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    qemuDomainObjExitMonitor(vm);
}

void lend_out_nothing_but_the_driver(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    qemuDomainObjEnterMonitorWithDriver(driver, vm);
}

void lend_the_driver_out_without_a_job(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    qemuDomainObjEnterMonitorWithDriver(driver, vm);
}

void lend_the_driver_out_without_a_guest(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    vm->active = 0;
    ignore_value(qemuDomainObjBeginJobWithDriver(driver, vm));
    qemuDomainObjEnterMonitorWithDriver(driver, vm);
}

void take_the_driver_back_that_is_there(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    qemuDomainObjExitMonitorWithDriver(driver, vm);
}

void take_the_driver_back_with_the_domain(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDomainObjExitMonitorWithDriver(driver, vm);
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
