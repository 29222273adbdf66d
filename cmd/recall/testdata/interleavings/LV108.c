/* libvirt-2013-02 with what is to be done when the connection of a client closes, and one guest to which that may happen. */
#define virDomainObjListFindByUUID findOfTheEra
#include <lockproof/libvirt-2013-02.c>
#undef virDomainObjListFindByUUID

static struct {
    virDomainObjPtr vm;
} guest;

virDomainObjPtr findGuest(void)
{
    return findOfTheEra(qemu_driver->domains, (const unsigned char *) guest.vm);
}

#define virDomainObjListFindByUUID(...) findGuest()

typedef virDomainObjPtr (*virQEMUCloseCallback)(virQEMUDriverPtr driver, virDomainObjPtr vm, int conn);

typedef struct _virQEMUCloseCallbacks {
    virObjectLockable parent __attribute__((class(callbacks)));
} virQEMUCloseCallbacks;
typedef virQEMUCloseCallbacks *virQEMUCloseCallbacksPtr;

static virQEMUCloseCallbacks callbacks;

typedef struct _qemuDriverCloseDef {
    int conn;
    virQEMUCloseCallback cb;
} qemuDriverCloseDef;
typedef qemuDriverCloseDef *qemuDriverCloseDefPtr;

/* The table: what is to be done to the guest. */
static struct {
    qemuDriverCloseDefPtr def;
} table;

qemuDriverCloseDefPtr virHashLookup(int list, int uuid)
{
    return table.def;
}

int virHashAddEntry(int list, int uuid, qemuDriverCloseDefPtr def)
{
    table.def = def;
    return 0;
}

void virHashRemoveEntry(int list, int uuid)
{
    table.def = NULL;
}

void virHashForEach(int list, void (*one)(qemuDriverCloseDefPtr payload, int key, int opaque), int opaque)
{
    if (table.def)
        one(table.def, 0, 0);
}

/* What is to be done, as the fix copies it from the table. */
typedef struct _virQEMUCloseCallbacksListEntry {
    int uuid;
    virQEMUCloseCallback callback;
} virQEMUCloseCallbacksListEntry;
typedef virQEMUCloseCallbacksListEntry *virQEMUCloseCallbacksListEntryPtr;

typedef struct _virQEMUCloseCallbacksList {
    size_t nentries;
    virQEMUCloseCallbacksListEntryPtr entries;
} virQEMUCloseCallbacksList;
typedef virQEMUCloseCallbacksList *virQEMUCloseCallbacksListPtr;

virQEMUCloseCallbacksListPtr virQEMUCloseCallbacksGetForConn(virQEMUCloseCallbacksPtr closeCallbacks, int conn)
{
    virQEMUCloseCallbacksListPtr list = g_new0(virQEMUCloseCallbacksList, 1);

    list->entries = g_new0(virQEMUCloseCallbacksListEntry, 1);
    if (table.def) {
        list->entries[0].callback = table.def->cb;
        list->nentries = 1;
    }
    return list;
}

/* Those of the tree take their places. */
int virQEMUCloseCallbacksSet(virQEMUCloseCallbacksPtr closeCallbacks, virDomainObjPtr vm, int conn, virQEMUCloseCallback cb)
{
    return 0;
}

void virQEMUCloseCallbacksRun(virQEMUCloseCallbacksPtr closeCallbacks, int conn, virQEMUDriverPtr driver)
{
}
