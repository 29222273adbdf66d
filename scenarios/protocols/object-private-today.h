/* What the Go daemon keeps of a domain: its job, its monitor, and who waits until it has stopped. */

struct _qemuDomainObjPrivate {
    virCond jobCond __attribute__((guarded_by(virDomainObj.lock)));
    int jobActive __attribute__((owner, guarded_by(virDomainObj.lock), class(job)));
    qemuMonitorPtr mon __attribute__((new));
    virCond stopped __attribute__((guarded_by(virDomainObj.lock)));
};
