/* The objects of libvirt's QEMU driver at the end of 2009, and what every version of the protocol shares.
 *
 * Attributes give fields their role: the reference count, the owner field of a resource (a job), the lock that
 * guards a field, the object to which a pointer leads from the start. */

typedef struct _virDomainObj virDomainObj;
typedef virDomainObj *virDomainObjPtr;
typedef struct _qemuMonitor qemuMonitor;
typedef qemuMonitor *qemuMonitorPtr;
typedef struct _qemuDomainObjPrivate qemuDomainObjPrivate;
typedef qemuDomainObjPrivate *qemuDomainObjPrivatePtr;
typedef struct _virDomainObjList virDomainObjList;
typedef virDomainObjList *virDomainObjListPtr;
typedef struct _virConnect virConnect;
typedef virConnect *virConnectPtr;
typedef struct _virDomain virDomain;
typedef virDomain *virDomainPtr;

/* The connection to one QEMU. An I/O thread reads it, so it has a lock of its own. */
struct _qemuMonitor {
    virMutex lock __attribute__((class(monitor)));
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
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};

struct _virDomainObjList {
    int count;
};

struct qemud_driver {
    virMutex lock __attribute__((class(driver)));
    virDomainObjList domains;
};

/* There is one driver. */
struct qemud_driver *driver __attribute__((new));

/* What API functions are given: handles that name a domain without being it. */
struct _virConnect {
    void *privateData __attribute__((init(driver)));
};

struct _virDomain {
    virConnectPtr conn __attribute__((new));
    virDomainObjPtr uuid __attribute__((subject));
};

void qemuDriverLock(struct qemud_driver *drv)
{
    virMutexLock(&drv->lock);
}

void qemuDriverUnlock(struct qemud_driver *drv)
{
    virMutexUnlock(&drv->lock);
}

void virDomainObjLock(virDomainObjPtr vm)
{
    virMutexLock(&vm->lock);
}

void virDomainObjUnlock(virDomainObjPtr vm)
{
    virMutexUnlock(&vm->lock);
}

void qemuMonitorLock(qemuMonitorPtr mon)
{
    virMutexLock(&mon->lock);
}

void qemuMonitorUnlock(qemuMonitorPtr mon)
{
    virMutexUnlock(&mon->lock);
}

/* The domain, locked, or NULL once it has been removed. The driver lock protects the list. */
virDomainObjPtr virDomainFindByUUID(virDomainObjListPtr doms, virDomainObjPtr vm)
{
    requires(held(&driver->lock));
    return listFind(vm);
}

/* Takes the domain off the list. It comes back unlocked and without the list's reference, so it may be gone:
 * the caller must not touch it again. */
void virDomainRemoveInactive(virDomainObjListPtr doms, virDomainObjPtr vm)
{
    requires(held(&driver->lock));
    check(missing_lock, held(&vm->lock));
    if (listRemove(vm) > 0)
        virDomainObjUnlock(vm);
}

int virDomainObjIsActive(virDomainObjPtr vm)
{
    return vm->active;
}

/* One look at, or one change of, the domain's own data. */
void touch(virDomainObjPtr vm)
{
    check(missing_lock, held(&vm->lock));
    access(vm);
}

/* Where QEMU is talked to. It may take for ever, so nothing that others need may be held but the monitor itself. */
int qemuMonitorCommand(qemuMonitorPtr mon)
{
    check(monitor_unbalanced, held(&mon->lock));
    requires(!held(&driver->lock));
    access(mon);
    return mon->eof ? -1 : 0;
}

/* The commands of the time; what they ask QEMU makes no difference here. */
#define qemuMonitorStartCPUs(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorStopCPUs(mon) qemuMonitorCommand(mon)
#define qemuMonitorSystemPowerdown(mon) qemuMonitorCommand(mon)
#define qemuMonitorGetBalloonInfo(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorSetBalloon(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorGetBlockStatsInfo(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorGetMigrationStatus(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorSaveVirtualMemory(mon, ...) qemuMonitorCommand(mon)

/* The fault `domain-death`: QEMU dies, or not, and the event loop notices. */
void qemuProcessDied(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    if (nondet())
        return;
    qemuMonitorLock(priv->mon);
    priv->mon->eof = 1;
    qemuMonitorUnlock(priv->mon);

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    vm->active = 0;
    virDomainObjUnlock(vm);
}
