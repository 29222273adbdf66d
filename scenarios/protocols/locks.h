/* The locks of domain and monitor, under the names that they have until January 2013. */

void virDomainObjLock(virDomainObjPtr vm)
{
    virMutexLock(&vm->lock);
}

void virDomainObjUnlock(virDomainObjPtr vm)
{
    virMutexUnlock(&vm->lock);
}

void qemuMonitorLock(qemuMonitorPtr mon)
{
    virMutexLock(&mon->lock);
}

void qemuMonitorUnlock(qemuMonitorPtr mon)
{
    virMutexUnlock(&mon->lock);
}
