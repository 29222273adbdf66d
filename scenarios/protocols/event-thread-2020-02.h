/* The thread of the guest's events ends with the guest (e6afacb0f). A handler may be running
 * that waits for the domain, so that is unlocked meanwhile. */
void qemuDomainObjStopWorker(virDomainObjPtr dom)
{
    qemuDomainObjPrivatePtr priv = dom->privateData;
    qemuEventThread *eventThread = priv->eventThread;

    if (!eventThread)
        return;
    priv->eventThread = NULL;
    virObjectUnlock(dom);
    virMutexLock(&eventThread->running);
    virMutexUnlock(&eventThread->running);
    virObjectLock(dom);
}
