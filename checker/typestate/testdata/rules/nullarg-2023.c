/* contract: jobs.c */

static int finalize(virDomainObj *vm, config *cfg, bool current)
{
    if (current)
        setCurrent(vm);
    if (save(vm, cfg->dir) < 0)
        return -1;
    return 0;
}

static int finalizeWithout(virDomainObj *vm, config *cfg)
{
    if (!vm)
        return -1;
    return save(vm, cfg->dir);
}

static int asks(virDomainObj *vm, config *cfg)
{
    return cfg && save(vm, cfg->dir);
}

/* Nobody has fetched it. */
static int creates(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    config *cfg = NULL;
    int ret = -1;

    if (!vm)
        return -1;
    ret = finalize(vm, cfg, true); /* warn null-vm */
    virDomainObjEndAPI(&vm);
    return ret;
}

static int createsWhereItMayLeave(virDomainPtr dom)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    config *cfg = NULL;
    int ret = -1;

    if (!vm)
        return -1;
    ret = finalizeWithout(vm, cfg);
    ret += asks(vm, cfg);
    virDomainObjEndAPI(&vm);
    return ret;
}

static int createsLater(virDomainPtr dom, int n)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);
    config *cfg = NULL;
    int ret = -1;

    if (!vm)
        return -1;
    if (n > 3)
        cfg = fetch(n);
    if (n > 2)
        ret = finalize(vm, cfg, false);
    virDomainObjEndAPI(&vm);
    return ret;
}
