/* Bugs in which somebody sleeps whom nobody wakes any more, each before and after it was
 * repaired. */
#include "guest.h"

/* LV068: a command in the monitor of a guest that another call is about to stop. */
static bool asked;
static bool closed;
static virCond work; /* for the event loop: something is asked, or the monitor is closed */

static void command(struct monitor *mon)
{
    asked = true;
    virCondSignal(&work);
    while (!mon->answered)
        virCondWait(&mon->notify, &mon->lock);
}

/* Answers until the monitor is closed. */
void answer(struct guest *vm)
{
    struct monitor *mon = vm->mon;

    virMutexLock(&mon->lock);
    while (!closed) {
        if (asked && !mon->answered) {
            mon->answered = true;
            virCondSignal(&mon->notify);
        } else {
            virCondWait(&work, &mon->lock);
        }
    }
    virMutexUnlock(&mon->lock);
}

void ask(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        if (vm->active) {
            enterMonitor(vm);
            if (!closed)
                command(vm->mon);
            exitMonitor(vm);
        }
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

static void closeMonitor(struct monitor *mon)
{
    virMutexLock(&mon->lock);
    closed = true;
    virCondSignal(&work);
    virMutexUnlock(&mon->lock);
}

/* The owner of an async job, whose nested job has ended: others may ask meanwhile. */
void dumpThenStop(struct guest *vm)
{
    virMutexLock(&vm->lock);
    vm->active = false;
    closeMonitor(vm->mon);
    virMutexUnlock(&vm->lock);
}

/* Tells whoever waits that there will be no answer. */
void dumpThenStopWaking(struct guest *vm)
{
    virMutexLock(&vm->lock);
    vm->active = false;
    closeMonitor(vm->mon);
    virMutexLock(&vm->mon->lock);
    vm->mon->answered = true;
    virCondSignal(&vm->mon->notify);
    virMutexUnlock(&vm->mon->lock);
    virMutexUnlock(&vm->lock);
}

/* LV192: a migration waits for the copy of a disk. */
static int copied; /* the disk of vm1: an event has told so */
static virCond diskCond;

void migrateWaiting(struct guest *vm)
{
    virMutexLock(&vm->lock);
    while (!copied)
        virCondWait(&diskCond, &vm->lock);
    virMutexUnlock(&vm->lock);
}

void migrateWaitingForEither(struct guest *vm)
{
    virMutexLock(&vm->lock);
    while (!copied && vm->active)
        virCondWait(&diskCond, &vm->lock);
    virMutexUnlock(&vm->lock);
}

/* QEMU says that the disk is copied, or dies before it can. */
void copyOrDie(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (nondet()) {
        copied = 1;
        virCondSignal(&diskCond);
    } else {
        vm->active = false;
    }
    virMutexUnlock(&vm->lock);
}

void copyOrDieWaking(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (nondet())
        copied = 1;
    else
        vm->active = false;
    virCondSignal(&diskCond);
    virMutexUnlock(&vm->lock);
}

/* LV194: a call waits for the guest agent, which is disconnected. */
static struct {
    virMutex lock;
    virCond notify;
    bool gone __attribute__((guarded_by(lock)));
} agent;

void askAgent(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        virMutexLock(&agent.lock);
        virMutexUnlock(&vm->lock);
        while (!agent.gone)
            virCondWait(&agent.notify, &agent.lock);
        virMutexUnlock(&agent.lock);
        virMutexLock(&vm->lock);
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

static void closeAgent(void)
{
    virMutexLock(&agent.lock);
    agent.gone = true;
    virCondSignal(&agent.notify);
    virMutexUnlock(&agent.lock);
}

/* The worker begins a job before it closes the agent, and gives up if it does not get one. */
void jobThenClose(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        closeAgent();
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

void closeThenJob(struct guest *vm)
{
    virMutexLock(&vm->lock);
    closeAgent();
    if (beginJob(vm) == 0)
        endJob(vm);
    virMutexUnlock(&vm->lock);
}
