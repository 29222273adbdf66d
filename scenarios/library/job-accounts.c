/* Bugs in which a job is not ended, or ended by somebody who has another one, each before and
 * after it was repaired. */
#include "guest.h"

static void ask(struct guest *vm)
{
    enterMonitor(vm);
    access(vm->mon);
    exitMonitor(vm);
}

/* LV059: a migration has an async job for as long as it takes, and needs a job of its own for
 * each command. */
static bool migrating;

/* Looks at what everybody sees: while somebody has a job, it takes that for its own. */
void migrateGuessing(struct guest *vm)
{
    bool nested;

    virMutexLock(&vm->lock);
    migrating = true;
    nested = !vm->job;
    if (nested)
        ignore_value(beginJob(vm));
    ask(vm);
    if (nested)
        endJob(vm);
    migrating = false;
    virMutexUnlock(&vm->lock);
}

/* Says that it is the owner of the async job, and waits for a job like all others. */
void migrateKnowing(struct guest *vm)
{
    virMutexLock(&vm->lock);
    migrating = true;
    if (beginJob(vm) == 0) {
        ask(vm);
        endJob(vm);
    }
    migrating = false;
    virMutexUnlock(&vm->lock);
}

void query(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        ask(vm);
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* LV157: statistics of two guests, of which one may not be looked at. */
void statistics(struct guest *first, struct guest *second, int denied)
{
    struct guest *vm = NULL;
    bool has = false;

    for (int i = 0; i < 2; i++) {
        vm = i == 0 ? first : second;
        has = true;
        virMutexLock(&vm->lock);
        if (i == denied)
            continue;
        if (beginJob(vm) < 0)
            has = false;
        access(vm);
        if (has)
            endJob(vm);
        virMutexUnlock(&vm->lock);
        vm = NULL;
    }
    if (vm && has)
        endJob(vm);
    if (vm)
        virMutexUnlock(&vm->lock);
}

void statisticsOneByOne(struct guest *first, struct guest *second, int denied)
{
    for (int i = 0; i < 2; i++) {
        struct guest *vm = i == 0 ? first : second;

        virMutexLock(&vm->lock);
        if (i != denied && beginJob(vm) == 0) {
            access(vm);
            endJob(vm);
        }
        virMutexUnlock(&vm->lock);
    }
}

/* LV208: the queue of a guest: how many have its job or wait for it. Who would be one too many
 * is refused. */
#define MAX_QUEUED 2
static int queued;

static int beginQueued(struct guest *vm)
{
    if (queued == MAX_QUEUED) {
        check(async_nesting, vm->job); /* else there is no queue */
        return -1;
    }
    queued++;
    return beginJob(vm);
}

static void endQueued(struct guest *vm)
{
    queued--;
    endJob(vm);
}

/* Leaves the monitor and the nested job, and forgets the queue. */
void nestedForgotten(struct guest *vm)
{
    virMutexLock(&vm->lock);
    for (int i = 0; i < MAX_QUEUED; i++) {
        if (beginQueued(vm) == 0) {
            ask(vm);
            endJob(vm);
        }
    }
    virMutexUnlock(&vm->lock);
}

void nestedCounted(struct guest *vm)
{
    virMutexLock(&vm->lock);
    for (int i = 0; i < MAX_QUEUED; i++) {
        if (beginQueued(vm) == 0) {
            ask(vm);
            endQueued(vm);
        }
    }
    virMutexUnlock(&vm->lock);
}

void queryQueued(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginQueued(vm) == 0) {
        ask(vm);
        endQueued(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* D3: the number of virtual CPUs is set in the configuration, which fails. */
void setVcpusLeaving(struct guest *vm, int fails)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        access(vm);
        if (fails)
            goto cleanup;
        endJob(vm);
    }
cleanup:
    virMutexUnlock(&vm->lock);
}

void setVcpus(struct guest *vm, int fails)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        access(vm);
        if (fails)
            goto endjob;
        access(vm);
endjob:
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* D4: a transient guest is restored, which fails, and it goes. The list had it, and so has the
 * caller. */
static struct guest *restored __attribute__((new));

static void removeRestored(struct guest *vm)
{
    restored = NULL;
    virMutexUnlock(&vm->lock);
    virObjectUnref(vm);
}

void restoreThenEnd(void)
{
    struct guest *vm = virObjectRef(restored);

    virMutexLock(&vm->lock);
    if (beginJob(vm) < 0)
        goto cleanup;
    removeRestored(vm);
    endJob(vm);
cleanup:
    virMutexUnlock(&vm->lock);
    virObjectUnref(vm);
}

void endThenRemove(void)
{
    struct guest *vm = virObjectRef(restored);

    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        endJob(vm);
        removeRestored(vm);
    } else {
        virMutexUnlock(&vm->lock);
    }
    virObjectUnref(vm);
}
