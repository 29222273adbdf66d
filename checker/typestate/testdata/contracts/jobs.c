/* 2023: jobs are the domain's, an async job goes beside them, and a look-up gives a reference. */
typedef struct _virDomainObj virDomainObj;
typedef struct _virDomainDef virDomainDef;
typedef struct _virDomainJobObj virDomainJobObj;
typedef struct _qemuMonitor qemuMonitor;
typedef struct _qemuAgent qemuAgent;
typedef struct _qemuDomainObjPrivate qemuDomainObjPrivate;
typedef struct _virDomain virDomain;
typedef virDomain *virDomainPtr;
typedef struct _capabilities capabilities;
typedef struct _moments moments;
typedef struct _xenContext xenContext;
typedef struct _virObjectLockable virObjectLockable;

struct _virObjectLockable {
    virMutex lock;
};

typedef enum {
    VIR_JOB_NONE = 0,
    VIR_JOB_QUERY,
    VIR_JOB_MODIFY,
    VIR_JOB_ASYNC_NESTED,
} virDomainJob;

typedef enum {
    VIR_ASYNC_JOB_NONE = 0,
    VIR_ASYNC_JOB_SAVE,
    VIR_ASYNC_JOB_DUMP,
} virDomainAsyncJob;

struct _virDomainJobObj {
    virCond cond;
    virDomainJob active __attribute__((owner, class(job), guarded_by(virDomainObj.parent.lock)));
    int agentActive __attribute__((owner, class(agent_job), guarded_by(virDomainObj.parent.lock)));
    virDomainAsyncJob asyncJob __attribute__((guarded_by(virDomainObj.parent.lock)));
    unsigned long long asyncOwner __attribute__((owner, class(async_job), guarded_by(virDomainObj.parent.lock)));
};

struct _virDomainDef {
    int id;
};

struct _qemuMonitor {
    virObjectLockable parent __attribute__((class(monitor)));
    int refs __attribute__((refcount));
};

struct _qemuAgent {
    virObjectLockable parent __attribute__((class(agent)));
    int refs __attribute__((refcount));
};

struct _qemuDomainObjPrivate {
    qemuAgent *agent __attribute__((new));
    qemuMonitor *mon __attribute__((new, valid_if(virDomainObjIsActive)));
    capabilities *caps __attribute__((valid_if(virDomainObjIsActive)));
};

struct _virDomainObj {
    virObjectLockable parent __attribute__((class(domain)));
    int refs __attribute__((refcount));
    bool listed __attribute__((listed));
    virDomainDef *def __attribute__((new, guarded_by(parent.lock)));
    moments *snapshots __attribute__((guarded_by(parent.lock)));
    virDomainJobObj *job __attribute__((new));
    void *privateData __attribute__((new(qemuDomainObjPrivate)));
};

struct _virDomain {
    virDomainObj *uuid __attribute__((subject));
};

virDomainObj *qemuDomainObjFromDomain(virDomainPtr dom)
{
    virDomainObj *obj = listLookup(dom->uuid);

    if (obj) {
        virObjectRef(obj);
        virObjectLock(obj);
    }
    return obj;
}

void virDomainObjEndAPI(virDomainObj **vm)
{
    if (!*vm)
        return;
    virObjectUnlock(*vm);
    virObjectUnref(*vm);
    *vm = NULL;
}

int virDomainObjIsActive(virDomainObj *dom)
{
    check(missing_lock, held(&dom->parent.lock));
    return dom->def->id != -1;
}

int virDomainObjCheckActive(virDomainObj *dom)
{
    return virDomainObjIsActive(dom) ? 0 : -1;
}

int virDomainObjBeginJob(virDomainObj *obj, virDomainJob job)
{
    check(missing_lock, held(&obj->parent.lock));
    check(self_deadlock, !held(&obj->job->active));
    while (obj->job->active != VIR_JOB_NONE) {
        if (virCondWait(&obj->job->cond, &obj->parent.lock) < 0)
            return -1;
    }
    obj->job->active = job;
    return 0;
}

void virDomainObjEndJob(virDomainObj *obj)
{
    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&obj->job->active));
    obj->job->active = VIR_JOB_NONE;
}

int virDomainObjBeginAsyncJob(virDomainObj *obj, virDomainAsyncJob asyncJob)
{
    check(missing_lock, held(&obj->parent.lock));
    check(self_deadlock, asyncJob == VIR_ASYNC_JOB_NONE || !held(&obj->job->asyncOwner));
    while (obj->job->asyncJob != VIR_ASYNC_JOB_NONE) {
        if (virCondWait(&obj->job->cond, &obj->parent.lock) < 0)
            return -1;
    }
    obj->job->asyncJob = asyncJob;
    obj->job->asyncOwner = self();
    return 0;
}

void virDomainObjEndAsyncJob(virDomainObj *obj)
{
    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&obj->job->asyncOwner));
    obj->job->asyncJob = VIR_ASYNC_JOB_NONE;
    obj->job->asyncOwner = 0;
}

int qemuDomainObjEnterMonitorAsync(virDomainObj *obj, virDomainAsyncJob asyncJob)
{
    qemuDomainObjPrivate *priv = obj->privateData;

    check(missing_lock, held(&obj->parent.lock));
    if (asyncJob != VIR_ASYNC_JOB_NONE) {
        if (asyncJob != obj->job->asyncJob)
            return -1;
        check(async_nesting, held(&obj->job->asyncOwner));
        if (virDomainObjBeginJob(obj, VIR_JOB_ASYNC_NESTED) < 0)
            return -1;
        if (!virDomainObjIsActive(obj)) {
            virDomainObjEndJob(obj);
            return -1;
        }
    } else {
        check(async_nesting, !held(&obj->job->asyncOwner));
        check(no_job, held(&obj->job->active));
        check(stale_liveness, virDomainObjIsActive(obj));
    }
    virObjectLock(priv->mon);
    virObjectUnlock(obj);
    return 0;
}

void qemuDomainObjEnterMonitor(virDomainObj *obj)
{
    ignore_value(qemuDomainObjEnterMonitorAsync(obj, VIR_ASYNC_JOB_NONE));
}

void qemuDomainObjExitMonitor(virDomainObj *obj)
{
    qemuDomainObjPrivate *priv = obj->privateData;

    check(monitor_unbalanced, held(&priv->mon->parent.lock));
    virObjectUnlock(priv->mon);
    virObjectLock(obj);
    if (obj->job->active == VIR_JOB_ASYNC_NESTED)
        virDomainObjEndJob(obj);
}

void virDomainObjRestoreAsyncJob(virDomainObj *obj, virDomainAsyncJob asyncJob)
{
    check(async_nesting, !held(&obj->job->asyncOwner));
    obj->job->asyncJob = asyncJob;
    if (nondet())
        obj->job->asyncOwner = self();
}

bool capsGet(capabilities *caps, int flag)
{
    access(caps);
    return nondet();
}

int virDomainObjBeginAgentJob(virDomainObj *obj, int job)
{
    check(missing_lock, held(&obj->parent.lock));
    while (obj->job->agentActive) {
        if (virCondWait(&obj->job->cond, &obj->parent.lock) < 0)
            return -1;
    }
    obj->job->agentActive = 1;
    return 0;
}

void virDomainObjEndAgentJob(virDomainObj *obj)
{
    check(missing_lock, held(&obj->parent.lock));
    check(job_unbalanced, held(&obj->job->agentActive));
    obj->job->agentActive = 0;
}

qemuAgent *qemuDomainObjEnterAgent(virDomainObj *obj)
{
    qemuDomainObjPrivate *priv = obj->privateData;
    qemuAgent *agent = priv->agent;

    check(missing_lock, held(&obj->parent.lock));
    check(no_job, held(&obj->job->agentActive));
    check(stale_liveness, virDomainObjIsActive(obj));
    virObjectLock(agent);
    virObjectUnlock(obj);
    return agent;
}

void qemuDomainObjExitAgent(virDomainObj *obj, qemuAgent *agent)
{
    check(monitor_unbalanced, held(&agent->parent.lock));
    virObjectUnlock(agent);
    virObjectLock(obj);
}

int virDomainObjUpdateModificationImpact(virDomainObj *vm, unsigned int *flags)
{
    check(no_job, held(&vm->job->active));
    if (!virDomainObjIsActive(vm) && (*flags & 1))
        return -1;
    return 0;
}

int xenDestroy(xenContext *ctx, int domid __attribute__((acts_on)))
{
    return nondet() ? 0 : -1;
}

typedef struct _virDomainObjList virDomainObjList;
typedef int (*virDomainObjListIterator)(virDomainObj *dom, void *opaque);

struct _virDomainObjList {
    virObjectLockable parent __attribute__((class(list)));
    virDomainObj *objs[2];
};

int virDomainObjListForEach(virDomainObjList *doms, virDomainObjListIterator callback, void *opaque)
{
    int i;

    virObjectLock(doms);
    for (i = 0; i < 2; i++) {
        if (doms->objs[i])
            callback(doms->objs[i], opaque);
    }
    virObjectUnlock(doms);
    return 0;
}

void virDomainObjListRemoveLocked(virDomainObjList *doms, virDomainObj *dom)
{
    check(missing_lock, held(&dom->parent.lock));
}

void virDomainObjListRemove(virDomainObjList *doms, virDomainObj *dom)
{
    check(missing_lock, held(&dom->parent.lock));
    virObjectUnlock(dom);
    virObjectLock(doms);
    virObjectLock(dom);
    virObjectUnlock(doms);
}

void inJob(virDomainObj *obj)
{
    check(no_job, held(&obj->job->active));
}

/* A table that several may read at a time, and which only the writer may change. */
typedef struct _domainTable domainTable;

struct _domainTable {
    virRWLock lock __attribute__((class(table)));
    virDomainObj *objs[2];
};

int domainTableForEach(domainTable *t, bool modify, virDomainObjListIterator callback, void *opaque)
{
    int i;

    if (modify)
        virRWLockWrite(&t->lock);
    else
        virRWLockRead(&t->lock);
    for (i = 0; i < 2; i++) {
        if (t->objs[i])
            callback(t->objs[i], opaque);
    }
    virRWLockUnlock(&t->lock);
    return 0;
}

void domainTableRemoveLocked(domainTable *t, virDomainObj *dom)
{
    int i;

    check(missing_lock, held(&t->lock));
    for (i = 0; i < 2; i++) {
        if (t->objs[i] == dom)
            t->objs[i] = NULL;
    }
}

/* They call what they are given in a child that they fork. */
typedef int (*childCallback)(void *opaque);
void virCommandSetPreExecHook(struct virCommand *cmd, childCallback hook __attribute__((in_child)), void *opaque);
int virProcessRunInFork(childCallback cb __attribute__((in_child)), void *opaque);

/* It takes its time, and others need the domain meanwhile. */
__attribute__((blocks(domain))) int xenWipe(int domid)
{
    return nondet() ? 0 : -1;
}

/* It ends the job of an earlier call, if that has left one. */
void domainFinish(virDomainObj *obj)
{
    check(missing_lock, held(&obj->parent.lock));
    if (held(&obj->job->active))
        virDomainObjEndJob(obj);
}
