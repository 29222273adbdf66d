/* What the QEMU driver keeps of a domain since July 2011: its jobs, and its monitor. */

struct _qemuDomainObjPrivate {
    struct qemuDomainJobObj job;
    qemuMonitorPtr mon __attribute__((new, valid_if(virDomainObjIsActive)));
};
