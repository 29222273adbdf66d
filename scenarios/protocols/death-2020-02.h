/* The fault `domain-death`: QEMU dies, or not, and the guest's event thread notices. It has a
 * reference to the monitor, and the monitor one to its domain; here both are taken when QEMU
 * dies. */
void qemuProcessDied(virDomainPtr dom)
{
    virDomainObjPtr vm;
    qemuDomainObjPrivatePtr priv;
    qemuEventThread *thread;
    qemuMonitorPtr mon;

    if (nondet() || !(vm = qemuDomainObjFromDomain(dom)))
        return;
    priv = vm->privateData;
    thread = priv->eventThread;
    mon = virObjectRef(priv->mon);
    virObjectUnlock(vm);
    if (thread && mon) {
        virMutexLock(&thread->running);
        qemuMonitorGone(mon);
        qemuProcessHandleMonitorEOF(mon, vm);
        virMutexUnlock(&thread->running);
    }
    virObjectUnref(mon);
    virObjectUnref(vm);
}
