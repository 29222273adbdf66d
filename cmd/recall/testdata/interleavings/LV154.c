/* libvirt-2013-02 when the daemon starts, and a guest has been running meanwhile. Of the start only the order counts in which it loads
 * the snapshots of the guest and lets a thread reconnect to it. */
#define virDomainObjListForEach forEachOfTheEra
#define virDomainObjListIterator iteratorOfTheEra
#include <lockproof/libvirt-2013-02.c>
#undef virDomainObjListForEach
#undef virDomainObjListIterator

static struct {
    virDomainObjPtr vm;
    bool changed; /* its snapshots, since a thread has looked at them */
} guest;

int virDomainSnapshotAssignDef(int snapshots, int def)
{
    guest.changed = true;
    return 0;
}

virDomainObjListPtr virDomainObjListNew(void)
{
    return qemu_driver->domains;
}

typedef int (*virDomainObjListIterator)(virDomainObjPtr dom, int opaque);

/* There is one guest. */
int virDomainObjListForEach(virDomainObjListPtr doms, virDomainObjListIterator callback, int opaque)
{
    return callback(guest.vm, opaque);
}

/* The thread that reconnects has a job while it asks QEMU. */
static void *reconnect(void *opaque)
{
    virDomainObjPtr vm = opaque;

    virObjectLock(vm);
    if (qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY) == 0) {
        guest.changed = false;
        qemuDomainObjEnterMonitor(qemu_driver, vm);
        qemuDomainObjExitMonitor(qemu_driver, vm);
        check(stale_data, !guest.changed);
        ignore_value(qemuDomainObjEndJob(qemu_driver, vm));
    }
    virObjectUnlock(vm);
    return NULL;
}

int reconnectAll(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, reconnect, guest.vm);
    pthread_detach(thread);
    return 0;
}

#define qemuProcessReconnectAll(conn, driver) reconnectAll()
#define qemuStateCleanup() 0

/* That of the tree takes its place. */
int qemuStateInitialize(bool privileged, int callback, int opaque)
{
    return 0;
}
