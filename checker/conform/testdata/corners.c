/* What bodies do that the library's do not, and two that it has as well. */

void query(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (!vm)
        return;
    if (qemuDomainObjBeginJob(vm) < 0) {
        virDomainObjUnlock(vm);
        return;
    }
    priv = vm->privateData;
    qemuDomainObjEnterMonitor(vm);
    qemuMonitorCommand(priv->mon);
    qemuDomainObjExitMonitor(vm);
    qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
}

void undefine(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (vm)
        virDomainRemoveInactive(&driver->domains, vm);
    qemuDriverUnlock(driver);
}

void find(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (vm)
        virDomainObjUnlock(vm);
}

/* Nobody looks whether it was found. */
void find_unchecked(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    virDomainObjUnlock(vm);
}

/* The same, and the pointer is followed before a helper has it. */
void follow_unchecked(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv;

    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    priv = vm->privateData;
    qemuMonitorLock(priv->mon);
    qemuMonitorUnlock(priv->mon);
    virDomainObjUnlock(vm);
}

void find_alone(virDomainObjPtr vm)
{
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (vm)
        virDomainObjUnlock(vm);
}

void remove_alone(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    virDomainObjRef(vm);
    virDomainRemoveInactive(&driver->domains, vm);
}

/* Two rules at once: the domain is not locked, and may be gone. */
void touch_unlocked(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    qemuDriverUnlock(driver);
    touch(vm);
}

/* Two rules at once: the domain is not locked, and has no job. */
void end(virDomainObjPtr vm)
{
    qemuDomainObjEndJob(vm);
}

/* A domain that is gone breaks no requires, where nobody asks for it. */
void begin_freed(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    virDomainObjUnref(vm);
    qemuDomainObjBeginJob(vm);
}

void leak(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    virDomainObjRef(vm);
    virDomainObjUnlock(vm);
}

void check_last(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    virDomainObjUnlock(vm);
    check(no_job, held(&vm->lock));
}

void check_first(virDomainObjPtr vm)
{
    assert(held(&vm->lock));
    virDomainObjLock(vm);
    virDomainObjUnlock(vm);
}

/* EXPECTED references are there after one was taken. */
void count(virDomainObjPtr vm, int expected)
{
    int n;

    virDomainObjLock(vm);
    n = virDomainObjRef(vm);
    assert(n == expected);
    virDomainObjUnref(vm);
    virDomainObjUnlock(vm);
}

/* A command works as long as no QEMU dies. */
void ask(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int r;

    qemuMonitorLock(priv->mon);
    r = qemuMonitorCommand(priv->mon);
    assert(r == 0);
    qemuMonitorUnlock(priv->mon);
}

/* A constant is read without its guard. */
void is_active(virDomainObjPtr vm)
{
    if (virDomainObjIsActive(vm)) {
        virDomainObjLock(vm);
        virDomainObjUnlock(vm);
    }
}

/* Chooses before the first step, between two, in a loop, and what nobody looks at. */
void choices(virDomainObjPtr vm)
{
    int n = nondet();
    int other;

    if (nondet())
        return;
    virDomainObjLock(vm);
    other = nondet();
    while (nondet() && n < 2)
        n++;
    if (n == 2)
        touch(vm);
    virDomainObjUnlock(vm);
    if (nondet() || nondet())
        find(vm);
}

void choices_break(virDomainObjPtr vm)
{
    int n;

    virDomainObjLock(vm);
    n = nondet() + nondet();
    if (nondet())
        touch(vm);
    assert(n < 2);
    virDomainObjUnlock(vm);
}

/* Looks whether QEMU is there, and asks it in any case. */
void ask_again(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int n;

    virDomainObjLock(vm);
    n = virDomainObjIsActive(vm);
    virDomainObjUnlock(vm);
    qemuMonitorLock(priv->mon);
    if (qemuMonitorCommand(priv->mon) == 0 && n)
        qemuMonitorCommand(priv->mon);
    qemuMonitorUnlock(priv->mon);
}
