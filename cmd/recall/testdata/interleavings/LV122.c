/* libvirt-2013-02 when the daemon starts, and a guest has been running meanwhile. Of the start only the order counts in which it loads
 * what it knows and lets threads reconnect to the guests. */
#define virDomainObjListForEach forEachOfTheEra
#include <lockproof/libvirt-2013-02.c>
#undef virDomainObjListForEach

static struct {
    virDomainObjPtr vm;
} guest;

static void ran(virDomainObjPtr vm)
{
    guest.vm = vm;
    virObjectLock(vm);
    vm->persistent = 0;
    virObjectUnlock(vm);
}

virDomainObjListPtr virDomainObjListNew(void)
{
    return qemu_driver->domains;
}

/* The thread that reconnects finds that the guest is gone. Only what is not persistent goes with it. */
static void *reconnect(void *opaque)
{
    virDomainObjPtr vm = opaque;

    virObjectLock(vm);
    check(stale_data, vm->persistent);
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

/* The status of a guest says that it runs, its configuration that it is persistent. */
int loadAllConfigs(int liveStatus)
{
    if (!liveStatus) {
        virObjectLock(guest.vm);
        guest.vm->persistent = 1;
        virObjectUnlock(guest.vm);
    }
    return 0;
}

#define qemuProcessReconnectAll(conn, driver) reconnectAll()
#define virDomainObjListLoadAllConfigs(doms, dir, autostart, live, ...) loadAllConfigs(live)
#define virDomainObjListForEach(...) 0
#define qemuStateCleanup() 0

/* That of the tree takes its place. */
int qemuStateInitialize(bool privileged, int callback, int opaque)
{
    return 0;
}
