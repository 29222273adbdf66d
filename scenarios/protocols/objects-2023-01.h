/* The objects of libvirt 9.0.0. The job is the domain's own, for all drivers; the rest of what
 * QEMU's driver keeps is in privateData.
 *
 * What begins with virObjectLockable has its lock there. The reference count is GObject's, which
 * lies in there as well; here it stands beside the lock. */

typedef struct _virDomainObj virDomainObj;
typedef struct _virDomainDef virDomainDef;
typedef struct _virDomainJobObj virDomainJobObj;
typedef struct _virDomainObjList virDomainObjList;
typedef struct _qemuDomainObjPrivate qemuDomainObjPrivate;
typedef struct _virEventThread virEventThread;
typedef struct _virQEMUDriver virQEMUDriver;
typedef struct _virConnect virConnect;
typedef virConnect *virConnectPtr;
typedef struct _virDomain virDomain;
typedef virDomain *virDomainPtr;
typedef struct _virDomainSnapshot virDomainSnapshot;
typedef virDomainSnapshot *virDomainSnapshotPtr;
typedef struct _virDomainCheckpoint virDomainCheckpoint;
typedef virDomainCheckpoint *virDomainCheckpointPtr;
typedef struct _virDomainXMLOption virDomainXMLOption;
typedef struct _virDomainMomentObjList virDomainMomentObjList;
typedef struct _virQEMUCaps virQEMUCaps;

typedef enum {
    VIR_JOB_NONE = 0,
    VIR_JOB_QUERY,
    VIR_JOB_DESTROY,
    VIR_JOB_SUSPEND,
    VIR_JOB_MODIFY,
    VIR_JOB_ABORT,
    VIR_JOB_MIGRATION_OP,
    VIR_JOB_MODIFY_MIGRATION_SAFE,
    VIR_JOB_ASYNC,        /* how BeginAsyncJob asks for the other slot */
    VIR_JOB_ASYNC_NESTED, /* a sync job of the thread that owns the async job */
} virDomainJob;

typedef enum {
    VIR_AGENT_JOB_NONE = 0,
    VIR_AGENT_JOB_QUERY,
    VIR_AGENT_JOB_MODIFY,
} virDomainAgentJob;

typedef enum {
    VIR_ASYNC_JOB_NONE = 0,
    VIR_ASYNC_JOB_MIGRATION_OUT,
    VIR_ASYNC_JOB_MIGRATION_IN,
    VIR_ASYNC_JOB_SAVE,
    VIR_ASYNC_JOB_DUMP,
    VIR_ASYNC_JOB_SNAPSHOT,
    VIR_ASYNC_JOB_START,
    VIR_ASYNC_JOB_BACKUP,
} virDomainAsyncJob;

#define JOB_MASK(job) ((job) == 0 ? 0 : 1 << ((job) - 1))
#define VIR_JOB_DEFAULT_MASK (JOB_MASK(VIR_JOB_QUERY) | JOB_MASK(VIR_JOB_DESTROY) | JOB_MASK(VIR_JOB_ABORT))

/* How many may hold or wait for a job of one domain; 0: any number. qemu.conf says so. */
#ifndef MAX_QUEUED_JOBS
# define MAX_QUEUED_JOBS 0
#endif

/* Three slots. Who has the sync job is who set active, who has the agent job who set
 * agentActive. The async job may be handed from one API call to the next: asyncJob says which
 * one there is, asyncOwner which thread works on it now, 0 between two calls. */
struct _virDomainJobObj {
    virCond cond __attribute__((guarded_by(virDomainObj.parent.lock)));
    int jobsQueued __attribute__((guarded_by(virDomainObj.parent.lock)));
    unsigned int maxQueuedJobs __attribute__((init(MAX_QUEUED_JOBS)));

    virDomainJob active __attribute__((owner(cond), class(job), guarded_by(virDomainObj.parent.lock)));

    virDomainAgentJob agentActive __attribute__((owner(cond), class(agent_job), guarded_by(virDomainObj.parent.lock)));

    virCond asyncCond __attribute__((guarded_by(virDomainObj.parent.lock)));
    virDomainAsyncJob asyncJob __attribute__((guarded_by(virDomainObj.parent.lock)));
    unsigned long long asyncOwner
        __attribute__((owner(asyncCond), class(async_job), guarded_by(virDomainObj.parent.lock)));
    unsigned long long mask __attribute__((init(VIR_JOB_DEFAULT_MASK), guarded_by(virDomainObj.parent.lock)));
};

/* A configuration; id is -1 where it is not that of a running guest. uuid names the domain that
 * has it already, NULL a new one. */
struct _virDomainDef {
    int id __attribute__((init(1)));
    const unsigned char *uuid;
};

/* The thread in which what QEMU says about this one domain is handled. It holds the lock while a
 * handler runs: who ends the thread waits for that. */
struct _virEventThread {
    virMutex running __attribute__((class(event_thread)));
};

typedef void (*qemuDomainCleanupCallback)(virQEMUDriver *driver, virDomainObj *vm);

struct _qemuDomainObjPrivate {
    qemuMonitor *mon __attribute__((new, valid_if(virDomainObjIsActive)));
    qemuAgent *agent __attribute__((new));
    virQEMUCaps *qemuCaps __attribute__((valid_if(virDomainObjIsActive)));
    virEventThread *eventThread __attribute__((new));
    bool agentError __attribute__((guarded_by(virDomainObj.parent.lock)));
    bool beingDestroyed __attribute__((guarded_by(virDomainObj.parent.lock)));
    bool backup __attribute__((guarded_by(virDomainObj.parent.lock)));
    qemuDomainCleanupCallback cleanup __attribute__((guarded_by(virDomainObj.parent.lock)));
};

struct _virDomainObj {
    virObjectLockable parent __attribute__((class(domain)));
    int refs __attribute__((refcount));
    virCond cond;
    bool listed __attribute__((listed));
    bool persistent __attribute__((init(1), guarded_by(parent.lock)));
    bool autostart __attribute__((guarded_by(parent.lock)));
    bool removing __attribute__((guarded_by(parent.lock)));
    virDomainDef *def __attribute__((new, guarded_by(parent.lock)));
    virDomainDef *newDef __attribute__((new, guarded_by(parent.lock)));
    virDomainMomentObjList *snapshots __attribute__((guarded_by(parent.lock)));
    virDomainMomentObjList *checkpoints __attribute__((guarded_by(parent.lock)));
    virDomainJobObj *job __attribute__((new));
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virDomainObj, virObjectUnref);

/* libvirt hashes domains by UUID and by name, and each table has a reference; here they are one
 * list with one. objs are the domains that were added. */
#define MAX_ADDED 2
struct _virDomainObjList {
    virObjectRWLockable parent __attribute__((class(list)));
    virDomainObj *objs[MAX_ADDED];
};

struct _virQEMUDriver {
    virDomainObjList *domains __attribute__((new));
};

/* There is one driver. */
virQEMUDriver *qemu_driver __attribute__((new));

/* What API functions are given: handles that name a domain without being it. */
struct _virConnect {
    void *privateData __attribute__((init(qemu_driver)));
};

struct _virDomain {
    virConnectPtr conn __attribute__((new));
    virDomainObj *uuid __attribute__((subject));
};

struct _virDomainSnapshot {
    virDomainPtr domain __attribute__((subject));
};

struct _virDomainCheckpoint {
    virDomainPtr domain __attribute__((subject));
};
