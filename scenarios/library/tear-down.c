/* Bugs in which one thread decides and another changes what was decided on, each before and
 * after it was repaired. */
#include "guest.h"

static virMutex driver __attribute__((class(driver)));
static bool beingDestroyed __attribute__((guarded_by(driver)));

/* The driver's guests: one, or none any more. */
static struct guest *listed __attribute__((new, guarded_by(driver)));

/* As beginJob, for who has the driver too, and lets go of it for the wait. The job has a
 * reference. */
static void beginJobWithDriver(struct guest *vm)
{
    requires(held(&driver));
    requires(held(&vm->lock));

    virObjectRef(vm);
    virMutexUnlock(&driver);
    while (vm->job)
        virCondWait(&vm->jobCond, &vm->lock);
    vm->job = 1;
    virMutexUnlock(&vm->lock);
    virMutexLock(&driver);
    virMutexLock(&vm->lock);
}

/* The guest, locked like the driver, or NULL. Then only the driver is. */
static struct guest *find(void)
{
    struct guest *vm;

    virMutexLock(&driver);
    vm = listed;
    if (vm)
        virMutexLock(&vm->lock);
    return vm;
}

static void leave(struct guest *vm)
{
    if (vm)
        virMutexUnlock(&vm->lock);
    virMutexUnlock(&driver);
}

/* What kills QEMU: its end comes as an event, to another thread. */
static void killQemu(void (*eof)(void *))
{
    virThread thread;

    virThreadCreate(&thread, false, eof, NULL);
}

/* LV067: the end of a guest is an accident, */
static void crash(void *opaque)
{
    struct guest *vm = find();

    vm->active = false;
    leave(vm);
}

/* unless somebody wants it. */
static void crashUnlessDestroyed(void *opaque)
{
    struct guest *vm = find();

    if (!beingDestroyed)
        vm->active = false;
    leave(vm);
}

static void stopDestroyed(struct guest *vm)
{
    beginJobWithDriver(vm);
    check(state_race, vm->active); /* else it was an accident, and the call fails */
    vm->active = false;
    endJob(vm);
    virObjectUnref(vm);
}

void destroyLosingTheRace(void)
{
    struct guest *vm = find();

    killQemu(crash);
    stopDestroyed(vm);
    leave(vm);
}

void destroyFlagged(void)
{
    struct guest *vm = find();

    beingDestroyed = true;
    killQemu(crashUnlessDestroyed);
    stopDestroyed(vm);
    beingDestroyed = false;
    leave(vm);
}

/* LV095: a transient guest, which goes with its QEMU. Whoever finds it still there takes it off
 * the list. */
static void unlist(struct guest *vm)
{
    vm->active = false;
    listed = NULL;
    if (virObjectUnref(vm))
        virMutexUnlock(&vm->lock);
    virMutexUnlock(&driver);
}

static void transientEof(void *opaque)
{
    struct guest *vm = find();

    if (vm && !beingDestroyed && vm->active)
        unlist(vm);
    else
        leave(vm);
}

/* Killing takes a while, so everybody is let in. */
static void killSlowly(struct guest *vm)
{
    killQemu(transientEof);
    virMutexUnlock(&vm->lock);
    virMutexUnlock(&driver);
    virMutexLock(&driver);
    virMutexLock(&vm->lock);
}

static void stopTransient(struct guest *vm)
{
    beginJobWithDriver(vm);
    beingDestroyed = false;
    endJob(vm);
    virObjectUnref(vm);
    unlist(vm);
}

void destroyFlaggedLate(void)
{
    struct guest *vm = find();

    killSlowly(vm);
    beingDestroyed = true;
    stopTransient(vm);
}

void destroyFlaggedEarly(void)
{
    struct guest *vm = find();

    beingDestroyed = true;
    killSlowly(vm);
    stopTransient(vm);
}

/* LV091: the daemon starts. One guest runs with the number 1 since before; its thread tells the
 * driver. */
static int nextId __attribute__((guarded_by(driver))) = 1;

static void admit(void)
{
    if (nextId <= 1)
        nextId = 2;
}

static void reconnectNumbered(void *opaque)
{
    virMutexLock(&driver);
    admit();
    virMutexUnlock(&driver);
}

static void autostart(void)
{
    virMutexLock(&driver);
    check(state_race, nextId != 1); /* two guests would have it */
    nextId = nextId + 1;
    virMutexUnlock(&driver);
}

void startUpNumberingLate(void)
{
    virThread thread;

    virThreadCreate(&thread, false, reconnectNumbered, NULL);
    autostart();
}

void startUpNumberingEarly(void)
{
    virThread thread;

    virMutexLock(&driver);
    admit();
    virMutexUnlock(&driver);
    virThreadCreate(&thread, false, reconnectNumbered, NULL);
    autostart();
}

/* LV122: the daemon starts. It knows the guest from the file about its live state, and has yet
 * to read that the guest is a persistent one, which stays when its QEMU is gone. */
static bool persistent __attribute__((guarded_by(driver)));

static void reconnectDead(void *opaque)
{
    struct guest *vm = find();

    if (!persistent) {
        unlist(vm);
        return;
    }
    vm->active = false;
    leave(vm);
}

static void readConfigurations(void)
{
    struct guest *vm = find();

    check(state_race, vm); /* nobody has undefined it */
    persistent = true;
    leave(vm);
}

void startUpReadingLate(void)
{
    virThread thread;

    virThreadCreate(&thread, false, reconnectDead, NULL);
    readConfigurations();
}

void startUpReadingEarly(void)
{
    virThread thread;

    readConfigurations();
    virThreadCreate(&thread, false, reconnectDead, NULL);
}

/* LV031: a call looks whether its guest runs, and waits for the job. */
static void ask(struct guest *vm)
{
    check(stale_liveness, vm->active);
    enterMonitor(vm);
    access(vm->mon);
    exitMonitor(vm);
}

void askThenWait(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (vm->active && beginJob(vm) == 0) {
        ask(vm);
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

void waitThenAsk(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        if (vm->active)
            ask(vm);
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* Another call has the job, and stops the guest. */
void stopInJob(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        if (vm->active) {
            enterMonitor(vm);
            access(vm->mon);
            exitMonitor(vm);
        }
        vm->active = false;
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}
