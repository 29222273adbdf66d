/* What all drivers share since 2015: the end of an API call, waiting for a domain to change, and
 * asking which configuration is meant. */

/* What a look-up gave goes back, whichever way the call goes. NULL is passed over. */
void virDomainObjEndAPI(virDomainObjPtr *vm)
{
    if (!*vm)
        return;

    virObjectUnlock(*vm);
    virObjectUnref(*vm);
    *vm = NULL;
}

/* Wakes those that wait for the domain to change, and not those that wait for a job. */
void virDomainObjBroadcast(virDomainObjPtr vm)
{
    virCondBroadcast(&vm->cond);
}

int virDomainObjWait(virDomainObjPtr vm)
{
    check(missing_lock, held(&vm->parent.lock));

    if (virCondWait(&vm->cond, &vm->parent.lock) < 0)
        return -1;
    return 0;
}

#define VIR_DOMAIN_AFFECT_CURRENT 0
#define VIR_DOMAIN_AFFECT_LIVE 1
#define VIR_DOMAIN_AFFECT_CONFIG 2

/* What is changed of a domain is changed with a job, and what is asked is valid as long as the
 * job. */
int virDomainObjUpdateModificationImpact(virDomainObjPtr vm, unsigned int *flags)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    bool isActive;

    check(no_job, held(&priv->job.active) || held(&priv->job.asyncOwner) || held(&priv->job.agentActive));

    isActive = virDomainObjIsActive(vm);
    if ((*flags & (VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG)) == VIR_DOMAIN_AFFECT_CURRENT)
        *flags |= isActive ? VIR_DOMAIN_AFFECT_LIVE : VIR_DOMAIN_AFFECT_CONFIG;
    if (!isActive && (*flags & VIR_DOMAIN_AFFECT_LIVE))
        return -1;
    if (!vm->persistent && (*flags & VIR_DOMAIN_AFFECT_CONFIG))
        return -1;
    return 0;
}

int virDomainObjGetDefs(virDomainObjPtr vm, unsigned int flags, virDomainDefPtr *liveDef, virDomainDefPtr *persDef)
{
    if (liveDef)
        *liveDef = NULL;
    if (persDef)
        *persDef = NULL;
    if (virDomainObjUpdateModificationImpact(vm, &flags) < 0)
        return -1;
    if (virDomainObjIsActive(vm)) {
        if (liveDef && (flags & VIR_DOMAIN_AFFECT_LIVE))
            *liveDef = vm->def;
        if (persDef && (flags & VIR_DOMAIN_AFFECT_CONFIG))
            *persDef = vm->newDef;
    } else if (persDef) {
        *persDef = vm->def;
    }
    return 0;
}

virDomainDefPtr virDomainObjGetOneDef(virDomainObjPtr vm, unsigned int flags)
{
    if (virDomainObjUpdateModificationImpact(vm, &flags) < 0)
        return NULL;
    if (virDomainObjIsActive(vm) && (flags & VIR_DOMAIN_AFFECT_CONFIG))
        return vm->newDef;
    return vm->def;
}
