/* Bugs about async jobs that one call of a client leaves to the next, each before and after it
 * was repaired. */
#include "guest.h"

static int asyncJob; /* of vm1; 0: none */
static virCond asyncCond;
static void (*cleanup)(struct guest *); /* to be called when vm1 stops */
static void (*closed)(struct guest *);  /* to be called when the client is gone */

static void endAsync(void)
{
    asyncJob = 0;
    virCondBroadcast(&asyncCond);
}

static void discardJob(struct guest *vm)
{
    endAsync();
}

/* Another client changes the guest. */
void modify(struct guest *vm)
{
    virMutexLock(&vm->lock);
    while (asyncJob)
        virCondWait(&asyncCond, &vm->lock);
    if (beginJob(vm) == 0) {
        access(vm);
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* LV073: the first call of a migration on the side to which the guest comes, */
static void prepare(struct guest *vm, void (*whenItStops)(struct guest *))
{
    virMutexLock(&vm->lock);
    asyncJob = 1;
    cleanup = whenItStops;
    virMutexUnlock(&vm->lock);
}

/* and the last one. */
static void finish(struct guest *vm)
{
    virMutexLock(&vm->lock);
    cleanup = NULL;
    endAsync();
    virMutexUnlock(&vm->lock);
}

/* Nobody sends any more: QEMU, which waits for the guest, gives up and dies. */
static void eof(struct guest *vm)
{
    virMutexLock(&vm->lock);
    vm->active = false;
    if (cleanup)
        cleanup(vm);
    cleanup = NULL;
    virMutexUnlock(&vm->lock);
}

static void comeIn(struct guest *vm, void (*whenItStops)(struct guest *))
{
    prepare(vm, whenItStops);
    if (clientGone())
        eof(vm);
    else
        finish(vm);
}

void comeInUnwatched(struct guest *vm)
{
    comeIn(vm, NULL);
}

void comeInWatched(struct guest *vm)
{
    comeIn(vm, discardJob);
}

/* LV074: the same on the side from which the guest goes. */
static void begin(struct guest *vm, void (*whenGone)(struct guest *))
{
    virMutexLock(&vm->lock);
    while (asyncJob)
        virCondWait(&asyncCond, &vm->lock);
    asyncJob = 2;
    closed = whenGone;
    virMutexUnlock(&vm->lock);
}

static void confirm(struct guest *vm)
{
    virMutexLock(&vm->lock);
    closed = NULL;
    endAsync();
    virMutexUnlock(&vm->lock);
}

/* What the daemon does when the connection of a client is closed. */
static void connectionClosed(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (closed)
        closed(vm);
    closed = NULL;
    virMutexUnlock(&vm->lock);
}

static void goOut(struct guest *vm, void (*whenGone)(struct guest *))
{
    begin(vm, whenGone);
    if (clientGone())
        connectionClosed(vm);
    else
        confirm(vm);
}

void goOutUnwatched(struct guest *vm)
{
    goOut(vm, NULL);
}

void goOutWatched(struct guest *vm)
{
    goOut(vm, discardJob);
}
