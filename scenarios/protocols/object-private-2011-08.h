/* What the QEMU driver keeps of a domain from autumn 2011 on: the connection to the agent in the guest as well (c160ce331), and how many
 * have a job or wait for one (3005cacb6). */

struct _qemuDomainObjPrivate {
    struct qemuDomainJobObj job;
    unsigned int jobs_queued __attribute__((guarded_by(virDomainObj.lock)));
    qemuMonitorPtr mon __attribute__((new, valid_if(virDomainObjIsActive)));
    qemuAgentPtr agent __attribute__((new));
    bool beingDestroyed __attribute__((guarded_by(virDomainObj.lock)));
};
