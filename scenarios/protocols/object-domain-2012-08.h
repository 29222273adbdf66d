/* A domain, which is an object since July 2012 (31cb030ab): it is counted without its lock. */

struct _virDomainObj {
    virMutex lock __attribute__((class(domain)));
    int refs __attribute__((refcount));
    bool listed __attribute__((listed));
    int active __attribute__((init(1), guarded_by(lock)));
    bool persistent __attribute__((init(1), guarded_by(lock)));
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};
