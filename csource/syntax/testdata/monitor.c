/* A domain with a job, a monitor and a reference count, in the manner of libvirt's QEMU driver. */
#include <stdbool.h>

#define NULL ((void *) 0)
#define VIR_FREE_JOB(priv) \
    do { \
        (priv)->jobActive = JOB_NONE; \
        virCondSignal(&(priv)->jobCond); \
    } while (0)

typedef enum {
    JOB_NONE = 0,
    JOB_QUERY,
    JOB_MODIFY = 1 << 2,
    JOB_LAST,
} domainJob;

typedef struct _domainObj domainObj;
typedef struct _monitor monitor;
typedef domainObj *domainObjPtr;
typedef void (*monitorEOF)(monitor *mon, domainObj *vm, void *opaque);

struct _monitor {
    virMutex lock;
    virCond notify;
    int refs __attribute__((refcount, guarded_by(lock)));
    monitorEOF eof;
    unsigned int closed : 1;
};

typedef struct {
    virCond jobCond;
    int jobActive __attribute__((owner, guarded_by(_domainObj.lock)));
    monitor *mon;
    const char *names[2 + JOB_QUERY];
    union { int fd; struct { short lo, hi; } parts; };
} domainPrivate;

struct _domainObj {
    virMutex lock;
    int refs __attribute__((refcount, guarded_by(lock)));
    void *privateData __attribute__((points_to(domainPrivate)));
    bool listed __attribute__((listed, init(1)));
};

static const char *jobNames[JOB_LAST] = {
    [JOB_NONE] = "none",
    [JOB_QUERY] = "que" "ry",
    [JOB_QUERY + 1 ... JOB_LAST - 1] = "modify\n",
};

extern int monitorSend(monitor *mon, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/* The caller holds the lock of vm. */
static int ATTRIBUTE_RETURN_CHECK
domainBeginJob(domainObjPtr vm, domainJob job)
{
    domainPrivate *priv = vm->privateData;
    unsigned long long then = now() + 30 * 1000ULL;

    vm->refs++;
    while (priv->jobActive != JOB_NONE) {
        if (virCondWaitUntil(&priv->jobCond, &vm->lock, then) < 0) {
            vm->refs--;
            return errno == ETIMEDOUT ? -2 : -1;
        }
    }
    priv->jobActive = job;
    return 0;
}

int
domainQuery(domainObj *vm, int *result ATTRIBUTE_UNUSED)
{
    monitor *mon;
    int ret = -1;

    virMutexLock(&vm->lock);
    if (!vm->listed || domainBeginJob(vm, JOB_QUERY) < 0)
        goto cleanup;

    mon = ((domainPrivate *) vm->privateData)->mon;
    for (int i = 0, tries = 3; i < tries && ret < 0; i++) {
        virMutexUnlock(&vm->lock);
        virMutexLock(&mon->lock);
        ret = monitorSend(mon, "{\"execute\":%s}", jobNames[i]);
        virMutexUnlock(&mon->lock);
        virMutexLock(&vm->lock);
    }

    switch ((int) ret) {
    case -1:
    case 3 ... 9:
        *result = sizeof(*mon) + sizeof(domainPrivate);
        break;
    default:
        ret = ({ int tmp = ret ?: 1; tmp; });
    }
    VIR_FREE_JOB((domainPrivate *) vm->privateData);

cleanup:
    virMutexUnlock(&vm->lock);
    return ret;
}
