/* What starting and stopping a guest have in common from February 2013 to 2021. */

#define VIR_QEMU_PROCESS_KILL_FORCE (1 << 0)

/* Ends QEMU, and waits for it. The event loop hears of it, and comes to
 * qemuProcessHandleMonitorEOF. */
int qemuProcessKill(virDomainObjPtr vm, unsigned int flags)
{
    check(missing_lock, held(&vm->parent.lock));

    access(vm);
    return 0;
}

/* What is to be done when the guest stops, whoever stops it. */
void qemuDomainCleanupAdd(virDomainObjPtr vm, qemuDomainCleanupCallback cb)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    priv->cleanup = cb;
}

void qemuDomainCleanupRemove(virDomainObjPtr vm, qemuDomainCleanupCallback cb)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    if (priv->cleanup == cb)
        priv->cleanup = NULL;
}

void qemuDomainCleanupRun(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    qemuDomainCleanupCallback cb = priv->cleanup;

    if (cb) {
        priv->cleanup = NULL;
        cb(driver, vm);
    }
}

/* Both connections end. */
void qemuProcessDisconnect(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    if (priv->agent) {
        qemuAgentClose(priv->agent);
        priv->agent = NULL;
    }
    if (priv->mon) {
        qemuMonitorClose(priv->mon);
        priv->mon = NULL;
    }
}
