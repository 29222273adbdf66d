/* All guests' events come in one thread, until 2020, which does not end with a guest. */
void qemuDomainObjStopWorker(virDomainObjPtr dom)
{
}
