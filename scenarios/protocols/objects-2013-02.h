/* The objects of QEMU's driver from February 2013 to 2021. The job is part of the driver's
 * private data. What begins with virObjectLockable has its lock there; the reference count lies
 * in there as well, and stands beside it here. An era says before it includes this what its list
 * begins with. */

typedef struct _virDomainDef virDomainDef;
typedef virDomainDef *virDomainDefPtr;
typedef qemuAgent *qemuAgentPtr;
typedef struct _virQEMUDriver virQEMUDriver;
typedef virQEMUDriver *virQEMUDriverPtr;
typedef struct _virCaps *virCapsPtr;
typedef struct _virDomainMomentObjList *virDomainMomentObjListPtr;
typedef struct _virQEMUCaps *virQEMUCapsPtr;
typedef struct _virDomainXMLOption *virDomainXMLOptionPtr;

typedef enum qemuDomainJob {
    QEMU_JOB_NONE = 0,
    QEMU_JOB_QUERY,
    QEMU_JOB_DESTROY,
    QEMU_JOB_SUSPEND,
    QEMU_JOB_MODIFY,
    QEMU_JOB_ABORT,
    QEMU_JOB_MIGRATION_OP,
    QEMU_JOB_ASYNC,        /* how BeginAsyncJob asks for the other slot */
    QEMU_JOB_ASYNC_NESTED, /* a sync job of the thread that owns the async job */
} qemuDomainJob;

typedef enum qemuDomainAgentJob {
    QEMU_AGENT_JOB_NONE = 0,
    QEMU_AGENT_JOB_QUERY,
    QEMU_AGENT_JOB_MODIFY,
} qemuDomainAgentJob;

typedef enum qemuDomainAsyncJob {
    QEMU_ASYNC_JOB_NONE = 0,
    QEMU_ASYNC_JOB_MIGRATION_OUT,
    QEMU_ASYNC_JOB_MIGRATION_IN,
    QEMU_ASYNC_JOB_SAVE,
    QEMU_ASYNC_JOB_DUMP,
    QEMU_ASYNC_JOB_SNAPSHOT,
    QEMU_ASYNC_JOB_START,
    QEMU_ASYNC_JOB_BACKUP,
} qemuDomainAsyncJob;

#define JOB_MASK(job) ((job) == 0 ? 0 : 1 << ((job) - 1))
#define QEMU_JOB_DEFAULT_MASK (JOB_MASK(QEMU_JOB_QUERY) | JOB_MASK(QEMU_JOB_DESTROY) | JOB_MASK(QEMU_JOB_ABORT))
#define DEFAULT_JOB_MASK QEMU_JOB_DEFAULT_MASK

/* How many may hold or wait for a job of one domain; 0: any number. qemu.conf says so. */
#ifndef MAX_QUEUED_JOBS
# define MAX_QUEUED_JOBS 0
#endif

/* Who has the sync job is who set active, who has the agent job (since 2018) who set
 * agentActive. The async job may be handed from one API call to the next: asyncJob says which
 * one there is, asyncOwner which thread works on it now, 0 between two calls. */
struct qemuDomainJobObj {
    virCond cond __attribute__((guarded_by(virDomainObj.parent.lock)));
    qemuDomainJob active __attribute__((owner(cond), class(job), guarded_by(virDomainObj.parent.lock)));
    qemuDomainAgentJob agentActive __attribute__((owner(cond), class(agent_job), guarded_by(virDomainObj.parent.lock)));
    virCond asyncCond __attribute__((guarded_by(virDomainObj.parent.lock)));
    qemuDomainAsyncJob asyncJob __attribute__((guarded_by(virDomainObj.parent.lock)));
    unsigned long long asyncOwner
        __attribute__((owner(asyncCond), class(async_job), guarded_by(virDomainObj.parent.lock)));
    unsigned long long mask __attribute__((init(QEMU_JOB_DEFAULT_MASK), guarded_by(virDomainObj.parent.lock)));
};

/* A configuration; id is -1 where it is not that of a running guest. uuid names the domain that
 * has it already, NULL a new one. */
struct _virDomainDef {
    int id __attribute__((init(1)));
    const unsigned char *uuid;
};

/* The thread in which what QEMU says about this one domain is handled, since 2020. It holds the
 * lock while a handler runs: who ends the thread waits for that. */
typedef struct _qemuEventThread qemuEventThread;
struct _qemuEventThread {
    virMutex running __attribute__((class(event_thread)));
};

typedef void (*qemuDomainCleanupCallback)(virQEMUDriverPtr driver, virDomainObjPtr vm);

struct _qemuDomainObjPrivate {
    struct qemuDomainJobObj job;
    int jobs_queued __attribute__((guarded_by(virDomainObj.parent.lock)));
    qemuMonitorPtr mon __attribute__((new, valid_if(virDomainObjIsActive)));
    qemuAgentPtr agent __attribute__((new));
    virQEMUCapsPtr qemuCaps __attribute__((valid_if(virDomainObjIsActive)));
    qemuEventThread *eventThread __attribute__((new));
    bool agentError __attribute__((guarded_by(virDomainObj.parent.lock)));
    bool beingDestroyed __attribute__((guarded_by(virDomainObj.parent.lock)));
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
    virDomainDefPtr def __attribute__((new, guarded_by(parent.lock)));
    virDomainDefPtr newDef __attribute__((new, guarded_by(parent.lock)));
    virDomainMomentObjListPtr snapshots __attribute__((guarded_by(parent.lock)));
    virDomainMomentObjListPtr checkpoints __attribute__((guarded_by(parent.lock)));
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};

/* objs are the domains that were added. */
#define MAX_ADDED 2
struct _virDomainObjList {
    virDomainObjListParent parent __attribute__((class(list)));
    virDomainObjPtr objs[MAX_ADDED];
};

struct _virQEMUDriver {
    virDomainObjListPtr domains __attribute__((new));
    unsigned int maxQueuedJobs __attribute__((init(MAX_QUEUED_JOBS)));
};

/* There is one driver. */
virQEMUDriverPtr qemu_driver __attribute__((new));

/* What API functions are given: handles that name a domain without being it. */
struct _virConnect {
    void *privateData __attribute__((init(qemu_driver)));
};

struct _virDomain {
    virConnectPtr conn __attribute__((new));
    virDomainObjPtr uuid __attribute__((subject));
};
