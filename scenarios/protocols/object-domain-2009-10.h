/* A domain, whose reference count its lock protects until July 2012. Who has one may follow privateData without the lock. */

typedef struct _virDomainDef virDomainDef;
typedef virDomainDef *virDomainDefPtr;

/* What the guest is made of: def as it runs, newDef as it will be started next time. */
struct _virDomainDef {
    int id;
};

struct _virDomainObj {
    virMutex lock __attribute__((class(domain)));
    int refs __attribute__((refcount, guarded_by(lock)));
    bool listed __attribute__((listed));
    int active __attribute__((init(1), guarded_by(lock)));
    bool persistent __attribute__((init(1), guarded_by(lock)));
    bool autostart __attribute__((guarded_by(lock)));
    int state __attribute__((guarded_by(lock)));
    virDomainDefPtr def __attribute__((new, guarded_by(lock)));
    virDomainDefPtr newDef __attribute__((guarded_by(lock)));
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};
