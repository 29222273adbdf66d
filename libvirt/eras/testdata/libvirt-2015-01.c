/* Without a job this happens in the middle of what the owner of the job does. */
static int setAutostart(virDomainPtr dom, int autostart)
{
    virDomainObjPtr vm;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return -1;
    vm->autostart = autostart; /* want no-job */
    qemuDomObjEndAPI(&vm);
    return 0;
}

static void pin(virDomainObjPtr vm, int cpu)
{
    vm->def->pin = cpu;
}

static int setPin(virDomainPtr dom, int cpu, bool careful)
{
    virQEMUDriverPtr driver = dom->conn->privateData;
    virDomainObjPtr vm;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return -1;
    if (careful) {
        if (qemuDomainObjBeginJob(driver, vm, QEMU_JOB_MODIFY) < 0)
            goto cleanup;
        pin(vm, cpu);
        qemuDomainObjEndJob(driver, vm);
    } else {
        pin(vm, cpu); /* want no-job */
    }
cleanup:
    qemuDomObjEndAPI(&vm);
    return 0;
}

static int setBandwidth(virDomainPtr dom, const char *name, int n)
{
    virQEMUDriverPtr driver = dom->conn->privateData;
    virDomainObjPtr vm;
    virDomainNetDefPtr net;
    virDomainPtr other;
    int ret = -1;

    if (!(vm = qemuDomObjFromDomain(dom)))
        return -1;
    if ((net = virDomainNetFind(vm->def, name)))
        net->bandwidth = n; /* want no-job */
    if ((other = virGetDomain(dom->conn, vm->def->uuid)))
        other->id = n;
    if (qemuDomainObjBeginJob(driver, vm, QEMU_JOB_MODIFY) < 0)
        goto cleanup;
    if ((net = virDomainNetFind(vm->def, name)))
        net->bandwidth = n;
    qemuDomainObjEndJob(driver, vm);
    ret = 0;
cleanup:
    qemuDomObjEndAPI(&vm);
    return ret;
}

/* Who is given a domain may have its job. */
static void isGiven(virDomainObjPtr vm, int cpu)
{
    pin(vm, cpu);
    vm->def->pin = cpu + 1;
}

static int asks(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int ret;

    qemuDomainObjEnterMonitor(driver, vm);
    ret = ask(priv->mon);
    if (ret < 0) {
        ignore_value(qemuDomainObjExitMonitor(driver, vm));
        return -1;
    }
    qemuDomainObjExitMonitor(driver, vm); /* want stale-liveness */
    vm->def->pin = 0;
    return 0;
}
