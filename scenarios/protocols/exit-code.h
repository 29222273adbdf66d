/* ExitMonitor as the mail's code has it: the monitor goes first, so no thread holds it and waits for a domain.
 * Whoever wants the driver as well must have locked it before the call. */
void qemuDomainObjExitMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    requires(!held(&vm->lock));

    qemuMonitorUnlock(priv->mon);
    virDomainObjLock(vm);
}
