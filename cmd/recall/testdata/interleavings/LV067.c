/* libvirt-2011-08, where it is noted who kills a guest and why it is stopped. */
#define qemuProcessKill killOfTheEra
#define qemuProcessStop stopOfTheEra
#include <lockproof/libvirt-2011-08.c>
#undef qemuProcessKill
#undef qemuProcessStop

static bool killed;

void qemuProcessKill(virDomainObjPtr vm, bool gracefully)
{
    check(missing_lock, held(&vm->lock));

    if (virDomainObjIsActive(vm))
        killed = true;
}

/* A guest that an API call destroys counts as destroyed, and that call stops it. */
void qemuProcessStop(struct qemud_driver *driver, virDomainObjPtr vm, int migrated, virDomainShutoffReason reason)
{
    check(missing_lock, held(&vm->lock));

    if (!virDomainObjIsActive(vm))
        return;
    assert(!killed || reason == VIR_DOMAIN_SHUTOFF_DESTROYED);
    vm->active = 0;
}
