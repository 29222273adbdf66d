/* Bugs in which a guest is asked or changed by somebody who does not have its job, each before
 * and after it was repaired. */
#include "guest.h"
#include "worker.h"

static void command(struct monitor *mon)
{
    check(monitor_unbalanced, held(&mon->lock));
    access(mon);
}

/* LV027: a guest that is migrated to here. It does not answer before it has come. */
static bool started;
static bool migrated;
static bool kept; /* the job of the migration, from its first call to its last */

static void finish(struct guest *vm)
{
    enterMonitor(vm);
    migrated = true;
    virCondBroadcast(&vm->mon->notify);
    command(vm->mon);
    exitMonitor(vm);
}

/* The two calls of a client. Between them nobody has the job, */
void migrateInTwoJobs(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        started = true;
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);

    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        finish(vm);
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* or the first call keeps it for the second. */
void migrateInOneJob(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        started = true;
        kept = true;
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);

    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        finish(vm);
        kept = false;
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* Another client asks something. */
void ask(struct guest *vm)
{
    virMutexLock(&vm->lock);
    while (kept || vm->job)
        virCondWait(&vm->jobCond, &vm->lock);
    if (beginJob(vm) == 0) {
        if (started) {
            enterMonitor(vm);
            while (!migrated)
                virCondWait(&vm->mon->notify, &vm->mon->lock);
            command(vm->mon);
            exitMonitor(vm);
        }
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* LV139: a device, which a call uses across a command, */
struct device { int alias; };
static struct device *device __attribute__((new)); /* of vm1 */

void useDevice(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        struct device *dev = device;

        if (dev) {
            enterMonitor(vm);
            command(vm->mon);
            exitMonitor(vm);
            access(dev);
        }
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

/* and which QEMU tells to be gone. */
void deviceDeleted(struct guest *vm)
{
    virMutexLock(&vm->lock);
    free(device);
    device = NULL;
    virMutexUnlock(&vm->lock);
}

/* The event loop only tells the worker: it may not wait for a job itself, for it reads the
 * answers of QEMU. */
void deviceDeletedEvent(struct guest *vm)
{
    send(virObjectRef(vm));
}

void deviceWorker(void)
{
    struct guest *vm = receive();

    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        free(device);
        device = NULL;
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
    virObjectUnref(vm);
}

/* LV183: the chain of a disk's images. Each event about a block job finds another one. */
struct chain { int images; };
static struct chain *chain __attribute__((new)); /* of a disk of vm1 */

static void renew(void)
{
    free(chain);
    chain = g_new0(struct chain, 1);
}

void useChain(struct guest *vm)
{
    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        struct chain *c = chain;

        enterMonitor(vm);
        command(vm->mon);
        exitMonitor(vm);
        access(c);
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

void blockJobEvent(struct guest *vm)
{
    virMutexLock(&vm->lock);
    renew();
    virMutexUnlock(&vm->lock);
}

void twoBlockJobEvents(struct guest *vm)
{
    send(virObjectRef(vm));
    send(virObjectRef(vm));
}

void blockJobWorker(void)
{
    for (int i = 0; i < 2; i++) {
        struct guest *vm = receive();

        virMutexLock(&vm->lock);
        if (beginJob(vm) == 0) {
            renew();
            endJob(vm);
        }
        virMutexUnlock(&vm->lock);
        virObjectUnref(vm);
    }
}

/* LV154: the snapshots of a guest, read when the daemon starts, and a thread that takes the
 * running guest over. */
static int snapshots; /* of vm1 */

static void loadSnapshots(struct guest *vm)
{
    virMutexLock(&vm->lock);
    snapshots = 1;
    virMutexUnlock(&vm->lock);
}

static void reconnect(void *opaque)
{
    struct guest *vm = opaque;

    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        int known = snapshots;

        enterMonitor(vm);
        command(vm->mon);
        exitMonitor(vm);
        check(stale_data, snapshots == known);
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
}

void reconnectThenLoad(struct guest *vm)
{
    virThread thread;

    virThreadCreate(&thread, false, reconnect, vm);
    loadSnapshots(vm);
}

void loadThenReconnect(struct guest *vm)
{
    virThread thread;

    loadSnapshots(vm);
    virThreadCreate(&thread, false, reconnect, vm);
}

/* LV173: a disk is attached, and stands in the live definition while QEMU is asked. */
struct disk { int index; };
static struct disk *attached; /* in the live definition of vm1 */

static void askToAttach(struct guest *vm)
{
    enterMonitor(vm);
    command(vm->mon);
    exitMonitor(vm);
}

void attachInserted(struct guest *vm)
{
    struct disk *disk = g_new0(struct disk, 1);

    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        if (vm->active) {
            attached = disk;
            askToAttach(vm);
            if (vm->active) {
                disk = NULL; /* it is the guest's */
            } else {
                attached = NULL;
            }
        }
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
    free(disk);
}

/* Inserts it when it is known that the guest still lives. */
void attachReserved(struct guest *vm)
{
    struct disk *disk = g_new0(struct disk, 1);

    virMutexLock(&vm->lock);
    if (beginJob(vm) == 0) {
        if (vm->active) {
            askToAttach(vm);
            if (vm->active)
                attached = g_steal_pointer(&disk);
        }
        endJob(vm);
    }
    virMutexUnlock(&vm->lock);
    free(disk);
}

/* QEMU is gone, and the live definition with it. */
void attachEof(struct guest *vm)
{
    virMutexLock(&vm->lock);
    vm->active = false;
    free(attached);
    attached = NULL;
    virMutexUnlock(&vm->lock);
}
