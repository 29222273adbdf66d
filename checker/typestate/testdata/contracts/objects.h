/* What the contracts of these tests share. */
typedef struct _virDomainObj virDomainObj;
typedef virDomainObj *virDomainObjPtr;
typedef struct _virDomainDef virDomainDef;
typedef virDomainDef *virDomainDefPtr;
typedef struct _qemuMonitor qemuMonitor;
typedef qemuMonitor *qemuMonitorPtr;
typedef struct _qemuAgent qemuAgent;
typedef qemuAgent *qemuAgentPtr;
typedef struct _qemuDomainObjPrivate qemuDomainObjPrivate;
typedef qemuDomainObjPrivate *qemuDomainObjPrivatePtr;
typedef struct _virDomainObjList virDomainObjList;
typedef virDomainObjList *virDomainObjListPtr;

struct _virDomainDef {
    int id;
};

struct _qemuMonitor {
    virMutex lock __attribute__((class(monitor)));
    int refs __attribute__((refcount));
};

struct _qemuAgent {
    virMutex lock __attribute__((class(agent)));
    int refs __attribute__((refcount));
};
