/* 2020, when whoever goes through the list may change it. */
#define FROM_DOMAIN(dom) qemuDomainObjFromDomain(dom)
#define FOR_EACH(doms, callback) virDomainObjListForEach(doms, false, callback, NULL)
#include "era-2018-helpers.c"

void found_by_snapshot(virDomainSnapshotPtr snapshot)
{
    found(qemuDomObjFromSnapshot(snapshot), snapshot->domain);
}

void found_by_checkpoint(virDomainCheckpointPtr checkpoint)
{
    found(qemuDomObjFromCheckpoint(checkpoint), checkpoint->domain);
}

/* Whoever has the list for writing takes a domain off it that has no guest. */
static int remove_inactive(virDomainObjPtr vm, void *opaque)
{
    virObjectRef(vm);
    virObjectLock(vm);
    if (vm->persistent) {
        qemuDomainRemoveInactiveLocked(qemu_driver, vm);
        assert(vm->listed);
        vm->persistent = false;
        qemuDomainRemoveInactiveJobLocked(qemu_driver, vm);
        assert(!vm->listed);
    }
    virDomainObjEndAPI(&vm);
    return 0;
}

void removed_from_within(virConnectPtr conn)
{
    virDomainObjPtr vm = add(-1);
    virDomainDefPtr def = vm->def;

    vm->persistent = true;
    virDomainObjEndAPI(&vm);
    virDomainObjListForEach(qemu_driver->domains, true, remove_inactive, NULL);
    g_free(def);
}
