/* Bugs in which two threads take two locks in opposite orders, each before and after it was
 * repaired. */
#include "guest.h"

static void work(struct guest *vm)
{
    check(missing_lock, held(&vm->lock));
    access(vm);
}

/* LV030: the driver, and a network filter. The filter's list runs a callback of the driver for
 * each guest that uses it. */
static pthread_mutex_t driver = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static virMutex filter;

/* A guest is started, and its filters are made. */
void filteredStart(struct guest *vm)
{
    pthread_mutex_lock(&driver);
    virMutexLock(&vm->lock);
    virMutexLock(&filter);
    work(vm);
    virMutexUnlock(&filter);
    virMutexUnlock(&vm->lock);
    pthread_mutex_unlock(&driver);
}

/* The driver's callback: the filters of a guest are made again. */
static void rebuildGuest(struct guest *vm)
{
    pthread_mutex_lock(&driver);
    virMutexLock(&vm->lock);
    work(vm);
    virMutexUnlock(&vm->lock);
    pthread_mutex_unlock(&driver);
}

static void (*const rebuild)(struct guest *) = rebuildGuest;

/* A filter gets a new definition. */
void filterFirst(struct guest *vm)
{
    virMutexLock(&filter);
    rebuild(vm);
    virMutexUnlock(&filter);
}

/* The driver before the filter, and a second time in the callback. */
void driverFirst(struct guest *vm)
{
    pthread_mutex_lock(&driver);
    virMutexLock(&filter);
    rebuild(vm);
    virMutexUnlock(&filter);
    pthread_mutex_unlock(&driver);
}

/* LV108: what is to be done for which guest when a connection closes. A guest of an earlier
 * start is in it. */
static struct guest autodestroyed;
static struct {
    virMutex lock;
    struct guest *guest __attribute__((guarded_by(lock)));
} closeCallbacks = {.guest = &autodestroyed};

static void stopGuest(struct guest *vm)
{
    vm->active = false;
}

/* The guest is started again, and registers. */
void autodestroyStart(void)
{
    virMutexLock(&autodestroyed.lock);
    virMutexLock(&closeCallbacks.lock);
    closeCallbacks.guest = &autodestroyed;
    virMutexUnlock(&closeCallbacks.lock);
    virMutexUnlock(&autodestroyed.lock);
}

void closeUnderLock(void)
{
    virMutexLock(&closeCallbacks.lock);
    if (closeCallbacks.guest) {
        struct guest *vm = closeCallbacks.guest;

        virMutexLock(&vm->lock);
        stopGuest(vm);
        virMutexUnlock(&vm->lock);
        closeCallbacks.guest = NULL;
    }
    virMutexUnlock(&closeCallbacks.lock);
}

/* Takes the entries away under the lock, and runs the callbacks without it. */
void closeCopied(void)
{
    struct guest *vm;

    virMutexLock(&closeCallbacks.lock);
    vm = closeCallbacks.guest;
    closeCallbacks.guest = NULL;
    virMutexUnlock(&closeCallbacks.lock);
    if (vm) {
        virMutexLock(&vm->lock);
        stopGuest(vm);
        virMutexUnlock(&vm->lock);
    }
}

/* LV116: the connection to the process that watches over an LXC container. */
static struct {
    virMutex lock;
    bool closed __attribute__((guarded_by(lock)));
} client;

static void closeClient(void)
{
    virMutexLock(&client.lock);
    client.closed = true;
    virMutexUnlock(&client.lock);
}

/* The event loop is told the container's first process. */
void initNotify(struct guest *vm)
{
    virMutexLock(&client.lock);
    if (!client.closed) {
        virMutexLock(&vm->lock);
        work(vm);
        virMutexUnlock(&vm->lock);
    }
    virMutexUnlock(&client.lock);
}

void containerDestroy(struct guest *vm)
{
    virMutexLock(&vm->lock);
    closeClient();
    stopGuest(vm);
    virMutexUnlock(&vm->lock);
}

/* Lets go of the container while the connection is closed. A reference keeps it. */
void containerDestroyApart(struct guest *vm)
{
    virMutexLock(&vm->lock);
    virObjectRef(vm);
    virMutexUnlock(&vm->lock);
    closeClient();
    virMutexLock(&vm->lock);
    virObjectUnref(vm);
    stopGuest(vm);
    virMutexUnlock(&vm->lock);
}

/* LV135: guests that start and filters that change keep each other out by a mutex, */
static pthread_mutex_t update = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

void updatingStart(struct guest *vm)
{
    virMutexLock(&vm->lock);
    pthread_mutex_lock(&update);
    work(vm);
    pthread_mutex_unlock(&update);
    virMutexUnlock(&vm->lock);
}

void updatingDefine(struct guest *vm)
{
    pthread_mutex_lock(&update);
    virMutexLock(&vm->lock);
    work(vm);
    virMutexUnlock(&vm->lock);
    pthread_mutex_unlock(&update);
}

/* and later by a reader-writer lock that comes before every guest's. */
static virRWLock updates;

void readingStart(struct guest *vm)
{
    virRWLockRead(&updates);
    virMutexLock(&vm->lock);
    work(vm);
    virMutexUnlock(&vm->lock);
    virRWLockUnlock(&updates);
}

void writingDefine(struct guest *vm)
{
    virRWLockWrite(&updates);
    virMutexLock(&vm->lock);
    work(vm);
    virMutexUnlock(&vm->lock);
    virRWLockUnlock(&updates);
}

/* LV152: the same lock, and an entry point that was forgotten. */
static void instantiate(struct guest *vm)
{
    virMutexLock(&filter);
    work(vm);
    virMutexUnlock(&filter);
}

void attach(struct guest *vm)
{
    virMutexLock(&vm->lock);
    instantiate(vm);
    virMutexUnlock(&vm->lock);
}

void readingAttach(struct guest *vm)
{
    virRWLockRead(&updates);
    virMutexLock(&vm->lock);
    instantiate(vm);
    virMutexUnlock(&vm->lock);
    virRWLockUnlock(&updates);
}

void writingFilterDefine(struct guest *vm)
{
    virRWLockWrite(&updates);
    virMutexLock(&filter);
    virMutexLock(&vm->lock);
    work(vm);
    virMutexUnlock(&vm->lock);
    virMutexUnlock(&filter);
    virRWLockUnlock(&updates);
}
