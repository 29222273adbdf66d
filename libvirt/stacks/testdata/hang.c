/* A process whose threads hang in ways that are known, in functions that are called as libvirt's are.
 * usage: hang SCENARIO. It prints what each thread waits for and holds, then "ready", and stays. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct { long head[2]; pthread_mutex_t lock; pthread_cond_t cond; int jobs; } virDomainObj;
typedef struct { long head[2]; pthread_mutex_t lock; pthread_cond_t notify; virDomainObj *vm; } qemuMonitor;
typedef struct { long head[2]; pthread_rwlock_t lock; } virDomainObjList;
typedef struct { pthread_mutex_t lock; pthread_cond_t cond; } virThreadPool;

#define DOMAIN { {0}, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 }
static virDomainObj lp1 = DOMAIN, lp2 = DOMAIN, lp3 = DOMAIN;
static qemuMonitor monitor1 = { {0}, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, &lp1 };
static qemuMonitor agent1 = { {0}, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, &lp1 };
static virDomainObjList domains = { {0}, PTHREAD_RWLOCK_INITIALIZER };
static virThreadPool pool = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER };

static pthread_mutex_t told = PTHREAD_MUTEX_INITIALIZER;
static int tids[16], futexes[16], threads;
static volatile int step;

/* expects says that this thread is about to wait, in a call of the kernel, and for what. */
static void expects(int call, const char *format, ...)
{
    va_list args;
    pthread_mutex_lock(&told);
    va_start(args, format);
    printf("thread %d ", (int)gettid());
    vprintf(format, args);
    puts("");
    va_end(args);
    tids[threads] = gettid();
    futexes[threads++] = call;
    pthread_mutex_unlock(&told);
}

/* Objects have classes, whose names lie where libvirt's do. */
typedef struct { void *parent; long magic; const char *name; } virClass;
static virClass domainClass = { NULL, 0, "virDomainObj" }, monitorClass = { NULL, 0, "qemuMonitor" }, listClass = { NULL, 0, "virDomainObjList" };
static void *made;
void *virObjectNew(virClass *klass) { return klass->name[0] ? made : NULL; } /* the name is in memory from now on */
static void named(virClass *klass, void *object) { made = object; virObjectNew(klass); }

static void until(int n) { while (step < n) usleep(1000); }

void virMutexLock(pthread_mutex_t *m) { pthread_mutex_lock(m); }
void virObjectLock(void *anyobj) { virMutexLock(&((virDomainObj *)anyobj)->lock); }
void virObjectUnlock(void *anyobj) { pthread_mutex_unlock(&((virDomainObj *)anyobj)->lock); }
void virObjectRWUnlock(void *anyobj) { pthread_rwlock_unlock(&((virDomainObjList *)anyobj)->lock); }
void virObjectRWLockRead(void *anyobj) { pthread_rwlock_rdlock(&((virDomainObjList *)anyobj)->lock); }
void virObjectRWLockWrite(void *anyobj) { pthread_rwlock_wrlock(&((virDomainObjList *)anyobj)->lock); }
int virCondWait(pthread_cond_t *c, pthread_mutex_t *m) { return pthread_cond_wait(c, m); }
int virCondWaitUntil(pthread_cond_t *c, pthread_mutex_t *m, unsigned long long whenms)
{
    struct timespec t = { whenms / 1000, 0 };
    return pthread_cond_timedwait(c, m, &t);
}

/* The pool: a thread that waits for work. */
void virThreadPoolWorker(void *opaque)
{
    virThreadPool *p = opaque;
    virMutexLock(&p->lock);
    for (;;)
        virCondWait(&p->cond, &p->lock);
}

/* The event loop: it delivers one event, and then waits for more. */
static void (*event)(void);
void virEventPollRunOnce(void)
{
    struct pollfd f = { .fd = -1 };
    if (event)
        event();
    poll(&f, 1, -1);
}
void virNetDaemonRun(void *dmn) { (void)dmn; for (;;) virEventPollRunOnce(); }

/* Domains and their list. */
virDomainObj *virDomainObjListFindByUUIDLocked(virDomainObjList *doms, virDomainObj *vm) { (void)doms; virObjectLock(vm); return vm; }
virDomainObj *virDomainObjListFindByUUID(virDomainObjList *doms, virDomainObj *vm)
{
    virObjectRWLockRead(doms);
    virDomainObjListFindByUUIDLocked(doms, vm);
    virObjectRWUnlock(doms);
    return vm;
}
virDomainObj *qemuDomainObjFromDomain(void *domain) { return virDomainObjListFindByUUID(&domains, domain); }
void virDomainObjListAdd(virDomainObjList *doms) { virObjectRWLockWrite(doms); }
void virDomainObjListRemove(virDomainObjList *doms, virDomainObj *dom)
{
    virObjectUnlock(dom);
    virObjectRWLockWrite(doms);
    virObjectLock(dom);
}
void virDomainObjListForEach(virDomainObjList *doms, void (*cb)(virDomainObj *), virDomainObj *vm)
{
    virObjectRWLockRead(doms);
    step++;
    until(2);
    cb(vm);
}

/* Jobs, monitor and agent. */
typedef enum { QEMU_JOB_NONE, QEMU_JOB_QUERY } qemuDomainJob;
typedef enum { QEMU_ASYNC_JOB_NONE } qemuDomainAsyncJob;
void qemuDomainObjBeginJobInternal(void *driver, virDomainObj *obj, qemuDomainJob job, qemuDomainAsyncJob asyncJob)
{
    (void)driver; (void)job; (void)asyncJob;
    while (obj->jobs)
        virCondWaitUntil(&obj->cond, &obj->lock, 9999999999000ULL);
    obj->jobs = 1;
}
void qemuMonitorSend(qemuMonitor *mon, void *msg) { (void)msg; for (;;) virCondWait(&mon->notify, &mon->lock); }
void qemuMonitorJSONCommandWithFd(qemuMonitor *mon) { qemuMonitorSend(mon, mon); }
void qemuMonitorGetAllBlockStatsInfo(qemuMonitor *mon) { qemuMonitorJSONCommandWithFd(mon); }
void qemuAgentSend(qemuMonitor *mon) { for (;;) virCondWait(&mon->notify, &mon->lock); }
void qemuAgentShutdown(qemuMonitor *agent) { qemuAgentSend(agent); }
void qemuDomainObjEnterMonitor(virDomainObj *obj) { virObjectLock(&monitor1); virObjectUnlock(obj); }

void qemuAgentClose(qemuMonitor *agent) { virObjectLock(agent); }
void qemuProcessHandleAgentEOF(qemuMonitor *agent, virDomainObj *vm)
{
    virObjectLock(vm);
    qemuAgentClose(agent);
}
void qemuProcessHandleStop(qemuMonitor *mon, virDomainObj *vm) { (void)mon; virObjectLock(vm); }
void qemuProcessHandleMonitorDestroy(qemuMonitor *mon, virDomainObj *vm) { (void)mon; virObjectLock(vm); }
void qemuMonitorDispose(void *obj) { qemuProcessHandleMonitorDestroy(obj, ((qemuMonitor *)obj)->vm); }
void virObjectUnref(void *anyobj) { qemuMonitorDispose(anyobj); }
void qemuMonitorClose(qemuMonitor *mon) { virObjectUnref(mon); }
void qemuProcessStop(void *driver, virDomainObj *vm) { (void)driver; (void)vm; qemuMonitorClose(&monitor1); }

/* Calls of the API. */
int qemuDomainDestroyFlags(virDomainObj *dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    expects(SYS_futex, "waits lock:domain %p holds domain", (void *)dom);
    qemuProcessStop(NULL, vm);
    return 0;
}
int virDomainDestroyFlags(void *domain) { return qemuDomainDestroyFlags(domain); }

static void wantsList(virDomainObj *vm) { (void)vm; expects(SYS_futex, "waits lock:list holds domain"); virDomainObjListAdd(&domains); }
int qemuDomainDefineXMLFlags(virDomainObj *vm) { wantsList(vm); return 0; }
int qemuDomainSuspend(virDomainObj *dom)
{
    virDomainObj *vm = dom;
    virObjectLock(vm);
    step++;
    until(2);
    qemuDomainDefineXMLFlags(vm);
    return 0;
}
int virDomainSuspend(void *domain) { return qemuDomainSuspend(domain); }

void qemuVMFilterRebuildOne(virDomainObj *vm) { expects(SYS_futex, "waits lock:domain %p holds list", (void *)vm); virObjectLock(vm); }
int qemuVMFilterRebuild(void) { virDomainObjListForEach(&domains, qemuVMFilterRebuildOne, &lp1); return 0; }

int qemuDomainBlockStatsFlags(virDomainObj *dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    qemuDomainObjBeginJobInternal(NULL, vm, QEMU_JOB_QUERY, QEMU_ASYNC_JOB_NONE);
    qemuDomainObjEnterMonitor(vm);
    expects(SYS_futex, "waits reply:qemu");
    step = 5;
    qemuMonitorGetAllBlockStatsInfo(&monitor1);
    return 0;
}
int virDomainBlockStatsFlags(void *domain) { return qemuDomainBlockStatsFlags(domain); }

/* As above, but the domain stays locked while QEMU is asked. */
int qemuDomainGetBlockInfo(virDomainObj *dom)
{
    qemuDomainObjFromDomain(dom);
    virObjectLock(&monitor1);
    expects(SYS_futex, "waits reply:qemu");
    step = 5;
    qemuMonitorGetAllBlockStatsInfo(&monitor1);
    return 0;
}
int virDomainGetBlockInfo(void *domain) { return qemuDomainGetBlockInfo(domain); }

int qemuDomainShutdownFlags(virDomainObj *dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    virObjectLock(&agent1);
    virObjectUnlock(vm);
    expects(SYS_futex, "waits agent");
    step = 5;
    qemuAgentShutdown(&agent1);
    return 0;
}
int virDomainShutdownFlags(void *domain) { return qemuDomainShutdownFlags(domain); }

int qemuDomainGetInfo(virDomainObj *dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    expects(SYS_futex, "waits job");
    qemuDomainObjBeginJobInternal(NULL, vm, QEMU_JOB_QUERY, QEMU_ASYNC_JOB_NONE);
    return 0;
}
int virDomainGetInfo(void *domain) { return qemuDomainGetInfo(domain); }

int qemuDomainGetState(virDomainObj *dom)
{
    expects(SYS_futex, "waits lock:domain %p", (void *)dom);
    qemuDomainObjFromDomain(dom);
    return 0;
}
int virDomainGetState(void *domain) { return qemuDomainGetState(domain); }

int qemuDomainUndefineFlags(virDomainObj *dom)
{
    virObjectLock(dom);
    expects(SYS_futex, "waits lock:list");
    virDomainObjListRemove(&domains, dom);
    return 0;
}
int virDomainUndefineFlags(void *domain) { return qemuDomainUndefineFlags(domain); }

void virProcessKillPainfully(void) { step = 5; sleep(100000); }
int qemuProcessKill(virDomainObj *vm) { (void)vm; virProcessKillPainfully(); return 0; }
int qemuDomainReset(virDomainObj *dom) { qemuProcessKill(qemuDomainObjFromDomain(dom)); return 0; }
int virDomainReset(void *domain) { return qemuDomainReset(domain); }

void virNetClientIOEventLoop(void) { struct pollfd f = { .fd = -1 }; step = 5; poll(&f, 1, -1); }
void virNetClientSendInternal(void) { virNetClientIOEventLoop(); }
int virDomainMigratePrepare3(void) { virNetClientSendInternal(); return 0; }
int qemuMigrationSrcPerformPeer2Peer3(void *driver, virDomainObj *vm) { (void)driver; virObjectUnlock(vm); return virDomainMigratePrepare3(); }
int qemuDomainMigratePerform3Params(virDomainObj *dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    vm->jobs = 1;
    expects(SYS_poll, "waits reply:daemon");
    return qemuMigrationSrcPerformPeer2Peer3(NULL, vm);
}
int virDomainMigratePerform3Params(void *domain) { return qemuDomainMigratePerform3Params(domain); }

static virDomainObj *rings[3] = { &lp1, &lp2, &lp3 };
int qemuDomainRenameTo(virDomainObj *vm, int i)
{
    (void)vm;
    until(3);
    expects(SYS_futex, "waits lock:domain %p holds domain", (void *)rings[(i + 1) % 3]);
    virDomainObjListFindByUUIDLocked(&domains, rings[(i + 1) % 3]);
    return 0;
}
int qemuDomainRename(virDomainObj *dom, int i)
{
    virObjectLock(dom);
    __sync_fetch_and_add(&step, 1);
    return qemuDomainRenameTo(dom, i);
}
int virDomainRename(void *domain, int i) { return qemuDomainRename(domain, i); }

/* Threads: each runs one call of the API. */
typedef int (*api)(void *);
static void *worker(void *call) { ((api)call)(&lp1); virThreadPoolWorker(&pool); return NULL; }
static void *other(void *call) { ((api)call)(&lp2); virThreadPoolWorker(&pool); return NULL; }
static void *ring(void *i) { virDomainRename(rings[(long)i], (int)(long)i); return NULL; }
static int idle(void *unused) { (void)unused; expects(SYS_futex, "idle"); return 0; }
static int losesAgent(void *unused) { (void)unused; virObjectLock(&agent1); expects(SYS_futex, "idle holds agent"); step = 5; return 0; }
static int losesDomain(void *unused) { (void)unused; virObjectLock(&lp1); expects(SYS_futex, "idle holds domain"); step = 5; return 0; }
static int losesJob(void *unused) { (void)unused; virObjectLock(&lp1); lp1.jobs = 1; virObjectUnlock(&lp1); expects(SYS_futex, "idle"); step = 5; return 0; }
static int rebuilds(void *unused) { (void)unused; return qemuVMFilterRebuild(); }

static void agentIsGone(void)
{
    expects(SYS_futex, "waits lock:agent holds domain");
    qemuProcessHandleAgentEOF(&agent1, &lp1);
}
static void guestStops(void)
{
    expects(SYS_futex, "waits lock:domain %p", (void *)&lp1);
    qemuProcessHandleStop(&monitor1, &lp1);
}

static void start(void *(*run)(void *), void *arg)
{
    pthread_t t;
    if (pthread_create(&t, NULL, run, arg) != 0)
        exit(1);
}

/* settled returns when the first threads that said what they wait for do so, in the kernel. */
static void settled(int wanted)
{
    char path[64], text[64];
    for (int i = 0; i < wanted; ) {
        pthread_mutex_lock(&told);
        int tid = i < threads ? tids[i] : 0, call = i < threads ? futexes[i] : 0;
        pthread_mutex_unlock(&told);
        snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
        int fd = tid ? open(path, O_RDONLY) : -1;
        ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
        if (fd >= 0)
            close(fd);
        text[n > 0 ? n : 0] = 0;
        if (n > 0 && atoi(text) == call && text[0] >= '0' && text[0] <= '9')
            i++;
        else
            usleep(1000);
    }
}

static void *announce(void *wanted)
{
    settled((int)(long)wanted);
    printf("ready\n");
    fflush(stdout);
    virThreadPoolWorker(&pool);
    return NULL;
}

int main(int argc, char **argv)
{
    const char *s = argc == 2 ? argv[1] : "";
    long n = 1;
    named(&domainClass, &lp1), named(&domainClass, &lp2), named(&domainClass, &lp3);
    named(&monitorClass, &monitor1), named(&monitorClass, &agent1), named(&listClass, &domains);
    start(worker, (void *)idle);
    if (!strcmp(s, "order"))
        start(worker, (void *)rebuilds), start(worker, (void *)virDomainSuspend), n = 3;
    else if (!strcmp(s, "self"))
        start(worker, (void *)virDomainDestroyFlags), n = 2;
    else if (!strcmp(s, "ring"))
        start(ring, (void *)0L), start(ring, (void *)1L), start(ring, (void *)2L), n = 4;
    else if (!strcmp(s, "left-agent"))
        start(worker, (void *)losesAgent), until(5), event = agentIsGone, n = 3;
    else if (!strcmp(s, "left-domain"))
        start(worker, (void *)losesDomain), until(5), start(worker, (void *)virDomainGetState), n = 3;
    else if (!strcmp(s, "lost-job"))
        start(worker, (void *)losesJob), until(5), start(worker, (void *)virDomainGetInfo), n = 3;
    else if (!strcmp(s, "silent"))
        start(worker, (void *)virDomainBlockStatsFlags), until(5), start(worker, (void *)virDomainGetInfo), n = 3;
    else if (!strcmp(s, "agent"))
        start(worker, (void *)virDomainShutdownFlags), n = 2;
    else if (!strcmp(s, "event"))
        start(worker, (void *)virDomainGetBlockInfo), until(5), event = guestStops, n = 3;
    else if (!strcmp(s, "busy"))
        start(worker, (void *)virDomainReset), until(5), start(worker, (void *)virDomainGetState), settled(2), start(other, (void *)virDomainUndefineFlags), n = 3;
    else if (!strcmp(s, "remote"))
        start(worker, (void *)virDomainMigratePerform3Params), until(5), start(worker, (void *)virDomainGetInfo), n = 3;
    else if (strcmp(s, "none") != 0)
        return 2;
    start(announce, (void *)n);
    virNetDaemonRun(NULL);
    return 0;
}
