/* Domains of 2015 with the disks of a guest, and the block job of a disk that somebody waits for. */
#include <lockproof/names.h>
#include <lockproof/object-2013-01.h>

typedef struct _virDomainDiskDef virDomainDiskDef;
typedef virDomainDiskDef *virDomainDiskDefPtr;
typedef struct _virDomainDef virDomainDef;
typedef virDomainDef *virDomainDefPtr;
typedef struct _virQEMUDriver virQEMUDriver;
typedef virQEMUDriver *virQEMUDriverPtr;

struct _virDomainDiskDef {
    virCond blockJobSyncCond __attribute__((guarded_by(virDomainObj.parent.lock)));
    bool blockJobSync __attribute__((guarded_by(virDomainObj.parent.lock)));
    int blockJobStatus __attribute__((init(-1), guarded_by(virDomainObj.parent.lock)));
};

struct _virDomainDef {
    int id __attribute__((init(1)));
    size_t ndisks __attribute__((init(1)));
    virDomainDiskDefPtr disks[1];
    virDomainDiskDef only;
};

struct _virDomainObj {
    virObjectLockable parent __attribute__((class(domain)));
    int refs __attribute__((refcount));
    bool listed __attribute__((listed));
    virDomainDefPtr def __attribute__((new, guarded_by(parent.lock)));
    virDomainDefPtr newDef __attribute__((guarded_by(parent.lock)));
};

struct _virQEMUDriver {
    unsigned int maxQueuedJobs;
};

/* There is one driver. */
virQEMUDriverPtr qemu_driver __attribute__((new));

int virDomainObjIsActive(virDomainObjPtr dom)
{
    check(missing_lock, held(&dom->parent.lock));

    return dom->def->id != -1;
}

/* That of the tree takes its place. */
void qemuProcessStop(virQEMUDriverPtr driver, virDomainObjPtr vm, int reason, unsigned int flags)
{
}

int qemuBlockJobSyncWait(virQEMUDriverPtr driver, virDomainObjPtr vm, virDomainDiskDefPtr disk, void *ret_status)
{
    return 0;
}
