/* What a daemon that begins again finds, and what it must have written down. */
#include "guest.h"

/* Outside of the daemon are QEMU, which is migrated, and the file about the live state of the guest. */
static bool migrating __attribute__((persistent));
static bool written __attribute__((persistent));

static bool asyncJob; /* of vm1 */
static virCond asyncCond;

static void endAsync(void)
{
    written = false;
    asyncJob = false;
    virCondBroadcast(&asyncCond);
}

/* Writes the job down before QEMU is told, */
void migrateWriting(struct guest *vm)
{
    virMutexLock(&vm->lock);
    asyncJob = true;
    written = true;
    migrating = true;
    virMutexUnlock(&vm->lock);
    virMutexLock(&vm->lock);
    migrating = false;
    endAsync();
    virMutexUnlock(&vm->lock);
}

/* or after that. */
void migrateWritingLate(struct guest *vm)
{
    virMutexLock(&vm->lock);
    asyncJob = true;
    migrating = true;
    written = true;
    virMutexUnlock(&vm->lock);
    virMutexLock(&vm->lock);
    migrating = false;
    endAsync();
    virMutexUnlock(&vm->lock);
}

void modify(struct guest *vm)
{
    virMutexLock(&vm->lock);
    while (asyncJob)
        virCondWait(&asyncCond, &vm->lock);
    check(state_race, !migrating);
    virMutexUnlock(&vm->lock);
}

/* Takes the guest over, with the job that it had, and gives the migration up. */
static void *recover(void *opaque)
{
    struct guest *vm = opaque;

    virMutexLock(&vm->lock);
    if (asyncJob) {
        migrating = false;
        endAsync();
    }
    virMutexUnlock(&vm->lock);
    return NULL;
}

/* Reads the file before anybody is let in. Clients call again at once. */
void virStateInitialize(struct guest *vm)
{
    pthread_t thread;

    virMutexLock(&vm->lock);
    asyncJob = written;
    virMutexUnlock(&vm->lock);
    pthread_create(&thread, NULL, recover, vm);
    pthread_detach(thread);
    modify(vm);
}
