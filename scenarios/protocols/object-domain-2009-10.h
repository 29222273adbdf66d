/* A domain, whose reference count its lock protects until July 2012. Who has one may follow privateData without the lock. */

struct _virDomainObj {
    virMutex lock __attribute__((class(domain)));
    int refs __attribute__((refcount, guarded_by(lock)));
    bool listed __attribute__((listed));
    int active __attribute__((init(1), guarded_by(lock)));
    bool persistent __attribute__((init(1), guarded_by(lock)));
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};
