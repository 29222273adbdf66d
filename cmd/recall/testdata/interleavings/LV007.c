/* libvirt-2009-11 with a monitor that can count its users, as it does since the fix, and the definition of a guest. How the monitor is
 * entered, left and closed is the tree's. */
#include <lockproof/names.h>

/* eofcb delays the end of a monitor until its callback is through. Here it ends under the callback, and takes the lock along. */
struct _qemuMonitor {
    virMutex lock __attribute__((class(monitor)));
    virCond notify __attribute__((guarded_by(lock)));
    int refs __attribute__((refcount, guarded_by(lock)));
    int eofcb;
    virDomainObjPtr vm __attribute__((subject));
};

#include <lockproof/object-private-2009-10.h>

typedef struct _virDomainDef virDomainDef;
typedef virDomainDef *virDomainDefPtr;

struct _virDomainDef {
    int id __attribute__((init(1)));
};

struct _virDomainObj {
    virMutex lock __attribute__((class(domain)));
    int refs __attribute__((refcount, guarded_by(lock)));
    bool listed __attribute__((listed));
    int active __attribute__((init(1)));
    bool persistent __attribute__((init(1), guarded_by(lock)));
    virDomainDefPtr def __attribute__((new, guarded_by(lock)));
    virDomainDefPtr newDef __attribute__((guarded_by(lock)));
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};

#include <lockproof/driver.h>
#include <lockproof/locks.h>
#include <lockproof/list-2009-10.h>
#include <lockproof/job-2009-11.h>

/* The wait for an answer. The event loop ends it, also where QEMU is gone, and has the monitor meanwhile. */
int qemuMonitorCommand(qemuMonitorPtr mon)
{
    qemuMonitorUnlock(mon);
    qemuMonitorLock(mon);
    return 0;
}

#define qemuMonitorStopCPUs(mon) qemuMonitorCommand(mon)

/* How the monitor went until it was counted, with its reference to the domain. Who holds the only reference drops it. */
void qemuMonitorFree(qemuMonitorPtr mon, int lockDomain)
{
    virDomainObjUnref(mon->vm);
    qemuMonitorUnref(mon);
}

/* That of the tree takes its place. */
void qemuHandleMonitorEOF(qemuMonitorPtr mon, virDomainObjPtr vm, int hasError)
{
}
