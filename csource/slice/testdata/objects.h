/* A protocol in which domains have disks, and the list is a table of texts. */
typedef struct _virDomainDiskDef virDomainDiskDef;
typedef virDomainDiskDef *virDomainDiskDefPtr;
struct _virDomainDiskDef { virCond done; int status; };
typedef struct _virDomainDef { int ndisks __attribute__((init(2))); virDomainDiskDefPtr disks[2]; } *virDomainDefPtr;
typedef struct _virDomainObj virDomainObj;
typedef virDomainObj *virDomainObjPtr;
typedef struct _qemuMonitor { virMutex lock; virDomainObjPtr vm __attribute__((subject)); } *qemuMonitorPtr;
typedef struct _qemuDomainObjPrivate { qemuMonitorPtr mon __attribute__((new)); } qemuDomainObjPrivate;
struct _virDomainObj {
    virMutex lock;
    int refs __attribute__((refcount));
    bool listed __attribute__((listed));
    virDomainDefPtr def __attribute__((new));
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};
struct handler { int set; void (*run)(virDomainObjPtr vm, int data); };
struct driver { virMutex lock; int objs; struct handler *handlers; };
typedef struct driver *driverPtr;
driverPtr driver __attribute__((new));
typedef struct _virConnect { void *privateData __attribute__((init(driver))); } *virConnectPtr;
typedef struct _virDomain { virConnectPtr conn __attribute__((new)); virDomainObjPtr uuid __attribute__((subject)); } *virDomainPtr;
struct event { virDomainObjPtr vm; int action; };

virDomainObjPtr virHashLookup(int table, const char *name) { return listLookup((virDomainObjPtr) name); }
virDomainObjPtr findByUUID(driverPtr drv, const unsigned char *uuid) { return listFind((virDomainObjPtr) uuid); }
void removeFrom(driverPtr drv, virDomainObjPtr vm) { listRemove(vm); }
/* Somebody else's pointer to a domain does not mean the only one. */
static virDomainObjPtr last;
int forEach(int table, void (*one)(virDomainObjPtr vm, const char *name, int data), int data) { one(last, (const char *) last, data); return 0; }
int send(struct event *e) { return 0; }
