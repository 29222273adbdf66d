/* libvirt-2012-08, where it is noted who kills a guest and why it is stopped. */
#define qemuProcessKill killOfTheEra
#define qemuProcessStop stopOfTheEra
#include <lockproof/libvirt-2012-08.c>
#undef qemuProcessKill
#undef qemuProcessStop

static bool killed;

/* Driver and domain are unlocked while QEMU ends. */
int qemuProcessKill(struct qemud_driver *driver, virDomainObjPtr vm, unsigned int flags)
{
    check(missing_lock, held(&vm->lock));

    if (virDomainObjIsActive(vm))
        killed = true;
    return killOfTheEra(driver, vm, flags);
}

/* A guest that an API call destroys counts as destroyed, and that call stops it. */
void qemuProcessStop(struct qemud_driver *driver, virDomainObjPtr vm, virDomainShutoffReason reason, unsigned int flags)
{
    check(missing_lock, held(&vm->lock));

    if (!virDomainObjIsActive(vm))
        return;
    assert(!killed || reason == VIR_DOMAIN_SHUTOFF_DESTROYED);
    vm->active = 0;
}
