/* What the QEMU driver keeps of a domain: its job, and its monitor. */

struct _qemuDomainObjPrivate {
    virCond jobCond __attribute__((guarded_by(virDomainObj.lock)));
    int jobActive __attribute__((owner, guarded_by(virDomainObj.lock), class(job)));
    qemuMonitorPtr mon __attribute__((new, valid_if(virDomainObjIsActive)));
};
