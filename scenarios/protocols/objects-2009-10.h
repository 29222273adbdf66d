/* The objects from the mail of October 2009 to June 2010.
 *
 * Attributes give fields their role: the reference count, the owner field of a resource (a job), the lock that
 * guards a field, the object to which a pointer leads from the start. */

/* The connection to one QEMU. An I/O thread reads it, so it has a lock of its own. */
struct _qemuMonitor {
    virMutex lock __attribute__((class(monitor)));
    virCond notify __attribute__((guarded_by(lock)));
    int unanswered __attribute__((guarded_by(lock)));
    int eof;
};

struct _qemuDomainObjPrivate {
    virCond jobCond __attribute__((guarded_by(virDomainObj.lock)));
    int jobActive __attribute__((owner, guarded_by(virDomainObj.lock), class(job)));
    qemuMonitorPtr mon __attribute__((new));
};

struct _virDomainObj {
    virMutex lock __attribute__((class(domain)));
    int refs __attribute__((refcount, guarded_by(lock)));
    bool listed __attribute__((listed));
    int active __attribute__((init(1), guarded_by(lock)));
    bool persistent __attribute__((init(1), guarded_by(lock)));
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};
