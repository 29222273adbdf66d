/* libvirt-2011-08 with what is to be done when the connection of a client closes. The job of a call that protects its migration is
 * what counts: the other one of that call is asked for with the wrong helper, which is another row. */
#define qemuDomainObjBeginJob beginJobOfTheEra
#include <lockproof/libvirt-2011-08.c>
#undef qemuDomainObjBeginJob

int qemuDomainObjBeginJob(struct qemud_driver *driver, virDomainObjPtr vm, enum qemuDomainJob job)
{
    return -1;
}

typedef virDomainObjPtr (*qemuDriverCloseCallback)(struct qemud_driver *driver, virDomainObjPtr vm, virConnectPtr conn);

static struct {
    qemuDriverCloseCallback callback;
} connection;

int qemuDriverCloseCallbackSet(struct qemud_driver *driver, virDomainObjPtr vm, virConnectPtr conn,
                               qemuDriverCloseCallback cb)
{
    connection.callback = cb;
    return 0;
}

/* The end of a migration between two calls, without the phases in which another call is under way. */
virDomainObjPtr qemuMigrationCleanup(struct qemud_driver *driver, virDomainObjPtr vm, virConnectPtr conn)
{
    if (qemuMigrationJobIsActive(vm, QEMU_ASYNC_JOB_MIGRATION_OUT))
        qemuDomainObjDiscardAsyncJob(driver, vm);
    return vm;
}
