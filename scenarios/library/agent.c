/* Bugs about QEMU's guest agent, which comes and goes while its guest runs, each before and
 * after it was repaired. */
#include "guest.h"

struct agent {
    virMutex lock __attribute__((class(monitor)));
    int refs __attribute__((refcount));
};

static struct agent *agent __attribute__((new)); /* of vm1, which has its first reference */
static bool beingDestroyed;                      /* vm1 */

/* Swaps the guest's lock for its agent's. The agent cannot go while somebody is in it. */
static struct agent *enterAgent(struct guest *vm)
{
    struct agent *a = agent;

    check(no_job, held(&vm->job));
    virMutexLock(&a->lock);
    virObjectRef(a);
    virMutexUnlock(&vm->lock);
    return a;
}

static void ask(struct agent *a)
{
    check(monitor_unbalanced, held(&a->lock));
    access(a);
}

/* Drops a reference to a locked agent, and unlocks it if somebody else has one. */
static bool leave(struct agent *a)
{
    bool left = virObjectUnref(a);

    if (left)
        virMutexUnlock(&a->lock);
    return left;
}

/* LV093: a call leaves the agent that it finds in its guest, */
void askLeavingTheGuests(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        if (agent) {
            ask(enterAgent(vm));
            if (virObjectUnref(agent))
                virMutexUnlock(&agent->lock);
            virMutexLock(&vm->lock);
        }
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* and the agent's end takes it from there, */
void clearThenClose(struct guest *vm)
{
    struct agent *a;

    virMutexLock(&vm->lock);
    a = agent;
    agent = NULL;
    virMutexUnlock(&vm->lock);
    virMutexLock(&a->lock);
    leave(a);
}

/* or not, if it is not the last to use it. */
void closeThenClear(struct guest *vm)
{
    virMutexLock(&vm->lock);
    virMutexLock(&agent->lock);
    if (!leave(agent))
        agent = NULL;
    virMutexUnlock(&vm->lock);
}

void askClearing(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        if (agent) {
            bool left;

            ask(enterAgent(vm));
            left = leave(agent);
            virMutexLock(&vm->lock);
            if (!left)
                agent = NULL;
        }
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* LV097: a guest is destroyed, and its agent closed, */
void destroyWithAgent(struct guest *vm)
{
    virMutexLock(&vm->lock);
    beingDestroyed = true;
    if (agent) {
        virMutexLock(&agent->lock);
        leave(agent);
        agent = NULL;
    }
    virMutexUnlock(&vm->lock);
}

/* which the event loop notices as the end of the agent. */
void closeTwice(struct guest *vm, struct agent *closed)
{
    virMutexLock(&vm->lock);
    if (agent == closed && !virObjectUnref(closed))
        agent = NULL;
    virMutexUnlock(&vm->lock);
    virMutexLock(&closed->lock);
    leave(closed);
}

void closeOnce(struct guest *vm, struct agent *closed)
{
    virMutexLock(&vm->lock);
    if (!agent || beingDestroyed) {
        virMutexUnlock(&vm->lock);
        return;
    }
    agent = NULL;
    virMutexUnlock(&vm->lock);
    virMutexLock(&closed->lock);
    leave(closed);
}

/* LV205: a call that leaves the agent only if its guest still has one. */
void askLeavingIfThere(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        if (agent) {
            struct agent *a;

            ask(enterAgent(vm));
            a = agent;
            if (a)
                leave(a);
            virMutexLock(&vm->lock);
        }
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* Closing needs the lock of the agent, so whoever uses it has left before the pointer is
 * cleared. */
void closeUnderDomain(struct guest *vm)
{
    virMutexLock(&vm->lock);
    virMutexLock(&agent->lock);
    leave(agent);
    agent = NULL;
    virMutexUnlock(&vm->lock);
}
