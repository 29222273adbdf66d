/* The other drivers of libvirt 9.0.0. libxl, lxc, ch and test begin and end jobs of the domain as QEMU's
 * does, with virDomainObjBeginJob and virDomainObjEndJob, and none of them has a monitor that is
 * entered; bhyve has no jobs. Their look-ups differ in name alone. vz has a job of its own, which is
 * of the same kind. */

virDomainObj *libxlDomObjFromDomain(virDomainPtr domain)
{
    return qemuDomainObjFromDomain(domain);
}

virDomainObj *lxcDomObjFromDomain(virDomainPtr domain)
{
    return qemuDomainObjFromDomain(domain);
}

virDomainObj *testDomObjFromDomain(virDomainPtr domain)
{
    return qemuDomainObjFromDomain(domain);
}

virDomainObj *bhyveDomObjFromDomain(virDomainPtr domain)
{
    return qemuDomainObjFromDomain(domain);
}

virDomainObj *vzDomObjFromDomain(virDomainPtr domain)
{
    return qemuDomainObjFromDomain(domain);
}

virDomainObj *virCHDomainObjFromDomain(virDomainPtr domain)
{
    return qemuDomainObjFromDomain(domain);
}

typedef struct _libxlDriverPrivate libxlDriverPrivate;

/* A migration of libxl is one job of several calls: what Begin or Prepare have begun is ended by
 * Confirm and Finish, whichever thread calls them. */
int libxlDomainMigrationSrcConfirm(libxlDriverPrivate *driver, virDomainObj *vm, unsigned int flags, int cancelled)
{
    check(missing_lock, held(&vm->parent.lock));

    if (held(&vm->job->active))
        virDomainObjEndJob(vm);
    return nondet() ? 0 : -1;
}

virDomainPtr libxlDomainMigrationDstFinish(virConnectPtr dconn, virDomainObj *vm, unsigned int flags, int cancelled)
{
    check(missing_lock, held(&vm->parent.lock));

    if (held(&vm->job->active))
        virDomainObjEndJob(vm);
    return NULL;
}

int vzDomainObjBeginJob(virDomainObj *dom)
{
    return virDomainObjBeginJob(dom, VIR_JOB_MODIFY);
}

void vzDomainObjEndJob(virDomainObj *dom)
{
    virDomainObjEndJob(dom);
}
