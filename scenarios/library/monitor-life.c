/* Bugs in which a monitor goes while somebody uses it. */
#include "guest.h"

/* A command, and the wait for its answer. The monitor is unlocked meanwhile. */
static void command(struct monitor *mon)
{
    check(monitor_unbalanced, held(&mon->lock));

    while (!mon->answered)
        virCondWait(&mon->notify, &mon->lock);
}

/* The event loop finds that QEMU is gone: whoever waits for an answer is told so. */
static void wake(struct monitor *mon)
{
    virMutexLock(&mon->lock);
    mon->answered = true;
    virCondSignal(&mon->notify);
    virMutexUnlock(&mon->lock);
}

/* The guest lets go of its monitor, and forgets it when nobody else has it. */
static void closeMonitor(struct guest *vm)
{
    struct monitor *mon = vm->mon;

    virMutexLock(&mon->lock);
    if (virObjectUnref(mon))
        virMutexUnlock(&mon->lock);
    else
        vm->mon = NULL;
}

static void stop(struct guest *vm)
{
    if (!vm->active)
        return;
    vm->active = false;
    closeMonitor(vm);
}

/* LV007: what happens on the event loop when QEMU dies. */
void uncountedEof(struct guest *vm)
{
    struct monitor *mon = vm->mon;

    wake(mon);
    virMutexLock(&vm->lock);
    stop(vm);
    virMutexUnlock(&vm->lock);
}

/* A call that enters the monitor without a reference to it. */
void uncountedQuery(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        if (vm->active) {
            enterMonitor(vm);
            command(vm->mon);
            exitMonitor(vm);
        }
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* The same with one: whoever drops the last reference clears the pointer. */
void countedQuery(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        if (vm->active) {
            bool left;

            check(no_job, held(&vm->job));
            virMutexLock(&vm->mon->lock);
            virObjectRef(vm->mon);
            virMutexUnlock(&vm->lock);
            command(vm->mon);
            left = virObjectUnref(vm->mon);
            if (left)
                virMutexUnlock(&vm->mon->lock);
            virMutexLock(&vm->lock);
            if (!left)
                vm->mon = NULL;
        }
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* LV019: the event loop, and the one watch that it has. */
static struct {
    virMutex lock;
    virCond changed;
    struct monitor *watched __attribute__((guarded_by(lock)));
    bool removed __attribute__((guarded_by(lock)));
} loop;

static void watch(struct monitor *mon)
{
    virMutexLock(&loop.lock);
    loop.watched = mon;
    virCondSignal(&loop.changed);
    virMutexUnlock(&loop.lock);
}

static void unwatch(void)
{
    virMutexLock(&loop.lock);
    loop.removed = true;
    virCondSignal(&loop.changed);
    virMutexUnlock(&loop.lock);
}

/* Whose turn it is, or NULL. It is dispatched without the loop's lock. */
static struct monitor *ready(void)
{
    struct monitor *mon;

    virMutexLock(&loop.lock);
    while (!loop.watched)
        virCondWait(&loop.changed, &loop.lock);
    mon = loop.removed ? NULL : loop.watched;
    virMutexUnlock(&loop.lock);
    return mon;
}

static void dispatch(struct monitor *mon)
{
    virMutexLock(&mon->lock);
    access(mon);
    virMutexUnlock(&mon->lock);
}

static void start(struct guest *vm, bool counted)
{
    virMutexLock(&vm->lock);
    if (counted)
        virObjectRef(vm->mon);
    watch(vm->mon);
    virMutexUnlock(&vm->lock);
}

static void destroy(struct guest *vm)
{
    virMutexLock(&vm->lock);
    unwatch();
    stop(vm);
    virMutexUnlock(&vm->lock);
}

/* The guest is started and stopped by the calls of one client. */
void uncountedClient(struct guest *vm)
{
    start(vm, false);
    destroy(vm);
}

void uncountedLoop(void)
{
    struct monitor *mon = ready();

    if (mon)
        dispatch(mon);
}

/* The watch has a reference of its own, */
void countedClient(struct guest *vm)
{
    start(vm, true);
    destroy(vm);
}

/* which the loop drops when it has done with a watch that was removed. */
void countedLoop(void)
{
    struct monitor *mon = ready();

    if (mon)
        dispatch(mon);
    virMutexLock(&loop.lock);
    while (!loop.removed)
        virCondWait(&loop.changed, &loop.lock);
    mon = loop.watched;
    virMutexUnlock(&loop.lock);

    virMutexLock(&mon->lock);
    if (virObjectUnref(mon))
        virMutexUnlock(&mon->lock);
}

/* D2: QEMU dies, and the guest is stopped by whoever has its job, */
void stopInJob(struct guest *vm)
{
    wake(vm->mon);
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        vm->active = false;
        vm->mon = NULL;
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* or by somebody who has not. */
void stopWithoutJob(struct guest *vm)
{
    wake(vm->mon);
    virMutexLock(&vm->lock);
    vm->active = false;
    vm->mon = NULL;
    virMutexUnlock(&vm->lock);
}
