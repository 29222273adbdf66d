/* The fault `domain-death`: QEMU dies, or not, and the event loop notices. It has a reference to
 * the monitor, and the monitor one to its domain; here both are taken when QEMU dies. */
void qemuProcessDied(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;
    qemuMonitorPtr mon;

    if (nondet() || !(vm = qemuDomObjFromDomain(dom)))
        return;
    virObjectRef(vm);
    priv = vm->privateData;
    mon = virObjectRef(priv->mon);
    virObjectUnlock(vm);
    if (mon) {
        qemuMonitorGone(mon);
        qemuProcessHandleMonitorEOF(mon, vm);
    }
    virObjectUnref(mon);
    virObjectUnref(vm);
}
