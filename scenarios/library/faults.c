/* One weak spot for each fault. Without the fault nothing comes of it. */
#include "guest.h"

static void ask(struct guest *vm)
{
    enterMonitor(vm);
    qemuAnswers();
    access(vm->mon);
    exitMonitor(vm);
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

/* slow-monitor: waits for the job for a while only. */
void queryInTime(struct guest *vm)
{
    virMutexLock(&vm->lock);
    while (vm->job) {
        if (virCondWaitUntil(&vm->jobCond, &vm->lock, 30000) < 0)
            goto cleanup;
    }
    vm->job = 1;
    ask(vm);
    endJob(vm);
cleanup:
    virMutexUnlock(&vm->lock);
}

/* wait-timeout: ends a job that it may not have got. */
void queryUnchecked(struct guest *vm)
{
    virMutexLock(&vm->lock);
    ignore_value(beginJob(vm));
    endJob(vm);
    virMutexUnlock(&vm->lock);
}

/* spurious-wakeup: does not look again when it wakes. */
void queryOnceWaited(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (vm->job)
        virCondWait(&vm->jobCond, &vm->lock);
    vm->job = 1;
    ask(vm);
    endJob(vm);
    virMutexUnlock(&vm->lock);
}

/* alloc-failure: takes it for granted that there is memory. */
struct event { int id; };

void emit(void)
{
    struct event *e = malloc(sizeof(*e));

    e->id = 1;
    free(e);
}

/* domain-death: QEMU is gone, */
void qemuProcessDied(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        vm->active = false;
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* and whoever has waited for the job does not look. */
void queryAlive(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        check(stale_liveness, vm->active);
        ask(vm);
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* daemon-restart: a migration, which QEMU goes on with whatever becomes of the daemon, */
static bool migrating __attribute__((persistent));
static bool asyncJob;
static virCond asyncCond;

void migrate(struct guest *vm)
{
    virMutexLock(&vm->lock);
    asyncJob = true;
    migrating = true;
    virMutexUnlock(&vm->lock);
    virMutexLock(&vm->lock);
    migrating = false;
    asyncJob = false;
    virCondBroadcast(&asyncCond);
    virMutexUnlock(&vm->lock);
}

/* and another client, which relies on the job. */
void modify(struct guest *vm)
{
    virMutexLock(&vm->lock);
    while (asyncJob)
        virCondWait(&asyncCond, &vm->lock);
    check(state_race, !migrating);
    virMutexUnlock(&vm->lock);
}

/* The daemon that begins again finds the guest running, and lets it be changed. */
void virStateInitialize(struct guest *vm)
{
    modify(vm);
}

/* client-gone: leaves a mark with the first of two calls, and takes it away with the second. */
static bool marked;
static virCond unmarked;

void twoCalls(struct guest *vm)
{
    virMutexLock(&vm->lock);
    while (marked)
        virCondWait(&unmarked, &vm->lock);
    marked = true;
    virMutexUnlock(&vm->lock);

    if (clientGone())
        return;

    virMutexLock(&vm->lock);
    marked = false;
    virCondSignal(&unmarked);
    virMutexUnlock(&vm->lock);
}
