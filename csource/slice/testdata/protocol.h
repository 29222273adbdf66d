/* A small protocol: one driver, domains on its list, a job, a monitor. */
typedef struct _virDomainObj virDomainObj;
typedef virDomainObj *virDomainObjPtr;
typedef struct _qemuMonitor { virMutex lock; int eof; } *qemuMonitorPtr;
typedef struct _qemuDomainObjPrivate qemuDomainObjPrivate;
typedef qemuDomainObjPrivate *qemuDomainObjPrivatePtr;
struct _qemuDomainObjPrivate { virCond cond; int job; qemuMonitorPtr mon __attribute__((new)); };
struct _virDomainObj {
    virMutex lock;
    int refs __attribute__((refcount));
    bool listed __attribute__((listed));
    int active;
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};
struct driver { virMutex lock; int id; };
struct driver *driver __attribute__((new));
typedef struct _virConnect { void *privateData __attribute__((init(driver))); } *virConnectPtr;
typedef struct _virDomain { virConnectPtr conn __attribute__((new)); virDomainObjPtr uuid __attribute__((subject)); } *virDomainPtr;

virDomainObjPtr virDomainFind(virDomainObjPtr vm) { return listFind(vm); }
void virDomainObjUnlock(virDomainObjPtr vm) { virMutexUnlock(&vm->lock); }
int BeginJob(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    while (priv->job) {
        if (virCondWait(&priv->cond, &vm->lock) < 0)
            return -1;
    }
    priv->job = 1;
    return 0;
}
void EndJob(virDomainObjPtr vm) { qemuDomainObjPrivatePtr priv = vm->privateData; priv->job = 0; virCondSignal(&priv->cond); }
int command(qemuMonitorPtr mon) { return mon->eof ? -1 : 0; }
#define QueryStatus(mon, ...) command(mon)
