/* A worker, with the reference that the event came with. libvirt has a pool of them; here each
 * event has a thread of its own. */
void *qemuProcessEventHandler(void *data)
{
    virDomainObjPtr vm = data;

    virObjectLock(vm);
    processMonitorEOFEvent(qemu_driver, vm);
    virDomainObjEndAPI(&vm);
    return NULL;
}

/* Domain locked. The reference goes with the event. */
void qemuProcessEventSubmit(virDomainObjPtr vm)
{
    pthread_t worker;

    virObjectRef(vm);
    if (pthread_create(&worker, NULL, qemuProcessEventHandler, vm) == 0)
        pthread_detach(worker);
}

/* Runs in the event loop, which has the monitor's reference to the domain and holds nothing. */
void qemuProcessHandleMonitorEOF(qemuMonitorPtr mon, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virObjectLock(vm);
    if (!priv->beingDestroyed)
        qemuProcessEventSubmit(vm);
    virObjectUnlock(vm);
}
