/* Bugs in which a guest is used without a reference to it, each before and after it was
 * repaired. */
#include "guest.h"
#include "worker.h"

/* The guests that there are: one, or none any more. */
static struct {
    virMutex lock;
    struct guest *guest __attribute__((new, guarded_by(lock)));
} guests;

/* The guest, locked and without a reference, or NULL. The list stays locked until the guest is. */
static struct guest *find(void)
{
    struct guest *vm;

    virMutexLock(&guests.lock);
    vm = guests.guest;
    if (vm)
        virMutexLock(&vm->lock);
    virMutexUnlock(&guests.lock);
    return vm;
}

/* Drops a reference to a locked guest, and unlocks it if somebody else has one. */
static void drop(struct guest *vm)
{
    if (virObjectUnref(vm))
        virMutexUnlock(&vm->lock);
}

/* LV050: QEMU's watchdog barks, and then QEMU dies. The guest is transient: it goes with its
 * QEMU. */
static void watchdog(bool counted)
{
    struct guest *vm = find();

    if (counted)
        virObjectRef(vm);
    send(vm);
    virMutexUnlock(&vm->lock);
}

static void eof(void)
{
    struct guest *vm;

    virMutexLock(&guests.lock);
    vm = guests.guest;
    virMutexLock(&vm->lock);
    vm->active = false;
    guests.guest = NULL;
    drop(vm);
    virMutexUnlock(&guests.lock);
}

void eventsUncounted(void)
{
    watchdog(false);
    eof();
}

void eventsCounted(void)
{
    watchdog(true);
    eof();
}

/* What the watchdog asks for is done by a worker. */
static struct guest *dump(void)
{
    struct guest *vm = receive();

    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0)
        endJob(vm);
    return vm;
}

void workerUncounted(void)
{
    struct guest *vm = dump();

    virMutexUnlock(&vm->lock);
}

void workerCounted(void)
{
    drop(dump());
}

/* LV111: a guest is looked up while another thread removes it. */
void lookUp(void)
{
    struct guest *vm = find();

    if (vm) {
        access(vm);
        virMutexUnlock(&vm->lock);
    }
}

void removeUnlocked(void)
{
    struct guest *vm = find();

    if (!vm)
        return;
    virMutexUnlock(&vm->lock);
    virMutexLock(&guests.lock);
    guests.guest = NULL;
    virObjectUnref(vm);
    virMutexUnlock(&guests.lock);
}

/* Locks it again after the list, so nobody who has found it can still be waiting for it or using
 * it. */
void removeLocked(void)
{
    struct guest *vm = find();

    if (!vm)
        return;
    virObjectRef(vm);
    virMutexUnlock(&vm->lock);
    virMutexLock(&guests.lock);
    virMutexLock(&vm->lock);
    guests.guest = NULL;
    virObjectUnref(vm);
    virMutexUnlock(&vm->lock);
    virObjectUnref(vm);
    virMutexUnlock(&guests.lock);
}

/* LV159: a guest that does not run is undefined while it is started. */
static bool running;
static bool removing;

static void start(struct guest *vm)
{
    if (beginJob(vm) == 0) {
        running = true;
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

void create(void)
{
    struct guest *vm = find();

    if (vm)
        start(vm);
}

/* A guest that is being removed is as good as not there. */
void createUnlessRemoving(void)
{
    struct guest *vm = find();

    if (!vm)
        return;
    if (removing)
        virMutexUnlock(&vm->lock);
    else
        start(vm);
}

static void undefine(bool marked)
{
    struct guest *vm = find();

    if (running) {
        virMutexUnlock(&vm->lock);
        return;
    }
    removing = marked;
    virObjectRef(vm);
    virMutexUnlock(&vm->lock);
    virMutexLock(&guests.lock);
    virMutexLock(&vm->lock);
    check(state_race, !running);
    guests.guest = NULL;
    virObjectUnref(vm);
    virMutexUnlock(&vm->lock);
    virObjectUnref(vm);
    virMutexUnlock(&guests.lock);
}

void undefineUnmarked(void)
{
    undefine(false);
}

void undefineMarked(void)
{
    undefine(true);
}
