/* The fault `domain-death`: QEMU dies, or not, and the event loop notices. */
void qemuProcessDied(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuMonitorPtr mon = priv->mon;

    if (nondet())
        return;
    qemuMonitorIO(mon, 1);
    qemuProcessHandleMonitorEOF(mon, vm);
}
