/* Which configuration is meant, from 2016 to 2021. */

void definitions(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    virDomainDefPtr live, pers;
    unsigned int flags = VIR_DOMAIN_AFFECT_CURRENT;
    int ret;

    ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY);
    assert(ret == 0);
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == 0 && flags == VIR_DOMAIN_AFFECT_LIVE);
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == 0 && flags == VIR_DOMAIN_AFFECT_LIVE);
    flags = VIR_DOMAIN_AFFECT_CONFIG;
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == 0 && flags == VIR_DOMAIN_AFFECT_CONFIG);

    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CURRENT, &live, &pers);
    assert(ret == 0 && live == vm->def && !pers);
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CONFIG, &live, &pers);
    assert(ret == 0 && !live && pers == vm->newDef);
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG, &live, &pers);
    assert(ret == 0 && live == vm->def && pers == vm->newDef);
    live = vm->newDef;
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CONFIG, &live, NULL);
    assert(ret == 0 && !live);
    pers = vm->def;
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_LIVE, NULL, &pers);
    assert(ret == 0 && !pers);

    live = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_LIVE);
    assert(live && live == vm->def);
    pers = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_CONFIG);
    assert(pers && pers == vm->newDef);
    pers = virDomainObjGetPersistentDef(NULL, NULL, vm);
    assert(pers == vm->newDef && pers != live);
    ret = virDomainObjSetDefTransient(NULL, NULL, vm, false);
    assert(ret == 0 && vm->newDef == pers);

    /* The next configuration becomes the only one. */
    qemuDomainObjRemoveTransientDef(vm);
    assert(vm->def == pers && vm->def->id == -1 && !vm->newDef);
    qemuDomainObjRemoveTransientDef(vm);
    assert(vm->def == pers);
    flags = VIR_DOMAIN_AFFECT_CURRENT;
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == 0 && flags == VIR_DOMAIN_AFFECT_CONFIG);
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CURRENT, &live, &pers);
    assert(ret == 0 && !live && pers == vm->def);
    pers = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_CONFIG);
    assert(pers && pers == vm->def);

    /* A running guest gets a second one. */
    vm->def->id = 1;
    pers = virDomainObjGetPersistentDef(NULL, NULL, vm);
    assert(pers && pers == vm->newDef && pers != vm->def && pers->id == -1 && vm->def->id == 1);
    qemuDomainObjEndJob(qemu_driver, vm);
    virDomainObjEndAPI(&vm);
    assert(!vm);
    virDomainObjEndAPI(&vm);
}

void no_such_definition(virDomainPtr dom)
{
    virDomainObjPtr vm = locked(dom);
    virDomainDefPtr live, pers;
    unsigned int flags = VIR_DOMAIN_AFFECT_LIVE;
    int ret;

    ret = qemuDomainObjBeginJob(qemu_driver, vm, QEMU_JOB_MODIFY);
    assert(ret == 0);
    vm->persistent = false;
    qemuDomainObjRemoveTransientDef(vm);
    vm->def->id = 1;
    ret = virDomainObjSetDefTransient(NULL, NULL, vm, false);
    assert(ret == 0 && !vm->newDef);
    pers = virDomainObjGetPersistentDef(NULL, NULL, vm);
    assert(pers == vm->def);
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == 0);
    flags = VIR_DOMAIN_AFFECT_CONFIG;
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == -1);
    live = vm->def;
    pers = vm->def;
    ret = virDomainObjGetDefs(vm, VIR_DOMAIN_AFFECT_CONFIG, &live, &pers);
    assert(ret == -1 && !live && !pers);
    live = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_CONFIG);
    assert(!live);

    vm->persistent = true;
    vm->def->id = -1;
    flags = VIR_DOMAIN_AFFECT_LIVE;
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == -1);
    flags = VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG;
    ret = virDomainObjUpdateModificationImpact(vm, &flags);
    assert(ret == -1);
    live = virDomainObjGetOneDef(vm, VIR_DOMAIN_AFFECT_LIVE);
    assert(!live);
    qemuDomainObjEndJob(qemu_driver, vm);
    virDomainObjEndAPI(&vm);
}
