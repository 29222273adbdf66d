/* Whether the guest runs, its configurations, and the end of an API call. */

/* Domain locked. Known until the lock is dropped the next time. */
int virDomainObjIsActive(virDomainObj *dom)
{
    check(missing_lock, held(&dom->parent.lock));
    return dom->def->id != -1;
}

typedef enum {
    VIR_DOMAIN_NOSTATE,
    VIR_DOMAIN_RUNNING,
    VIR_DOMAIN_BLOCKED,
    VIR_DOMAIN_PAUSED,
    VIR_DOMAIN_SHUTDOWN,
    VIR_DOMAIN_SHUTOFF,
} virDomainState;

/* What does not run is shut off, so every other state says that the guest runs. */
virDomainState virDomainObjGetState(virDomainObj *dom, int *reason)
{
    if (!virDomainObjIsActive(dom))
        return VIR_DOMAIN_SHUTOFF;
    return nondet();
}

/* One look at, or one change of, the domain's own data. */
void touch(virDomainObj *vm)
{
    check(missing_lock, held(&vm->parent.lock));
    access(vm);
}

/* The same as an error: -1 where the guest does not run. */
int virDomainObjCheckActive(virDomainObj *dom)
{
    return virDomainObjIsActive(dom) ? 0 : -1;
}

/* Every look-up is followed by this one, whichever way the call goes: unlocked, unreferenced,
 * NULL. NULL is passed over. */
void virDomainObjEndAPI(virDomainObj **vm)
{
    if (!*vm)
        return;

    virObjectUnlock(*vm);
    virObjectUnref(*vm);
    *vm = NULL;
}

/* Wakes those that wait for the domain to change, and not those that wait for a job. */
void virDomainObjBroadcast(virDomainObj *vm)
{
    virCondBroadcast(&vm->cond);
}

int virDomainObjWait(virDomainObj *vm)
{
    check(missing_lock, held(&vm->parent.lock));

    if (virCondWait(&vm->cond, &vm->parent.lock) < 0)
        return -1;
    return virDomainObjCheckActive(vm);
}

#define VIR_DOMAIN_AFFECT_CURRENT 0
#define VIR_DOMAIN_AFFECT_LIVE 1
#define VIR_DOMAIN_AFFECT_CONFIG 2

/* Of a running guest def is the live configuration, and newDef what it will be after the next
 * start. */
int virDomainObjSetDefTransient(virDomainXMLOption *xmlopt, virDomainObj *domain, void *parseOpaque)
{
    if (!domain->persistent || domain->newDef)
        return 0;
    domain->newDef = g_new0(virDomainDef, 1);
    domain->newDef->id = -1;
    return 0;
}

/* The live configuration is freed: what was taken from vm->def before is gone. */
void virDomainObjRemoveTransientDef(virDomainObj *domain)
{
    virDomainDef *live = domain->def;

    if (!domain->newDef)
        return;
    domain->def = g_steal_pointer(&domain->newDef);
    domain->def->id = -1;
    g_free(live);
}

/* What is changed of a domain is changed with a job, and what is asked is valid as long as the
 * job. */
int virDomainObjUpdateModificationImpact(virDomainObj *vm, unsigned int *flags)
{
    bool isActive;

    check(no_job, held(&vm->job->active) || held(&vm->job->asyncOwner) || held(&vm->job->agentActive));

    isActive = virDomainObjIsActive(vm);
    if ((*flags & (VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG)) == VIR_DOMAIN_AFFECT_CURRENT)
        *flags |= isActive ? VIR_DOMAIN_AFFECT_LIVE : VIR_DOMAIN_AFFECT_CONFIG;
    if (!isActive && (*flags & VIR_DOMAIN_AFFECT_LIVE))
        return -1;
    if (!vm->persistent && (*flags & VIR_DOMAIN_AFFECT_CONFIG))
        return -1;
    return 0;
}

int virDomainObjGetDefs(virDomainObj *vm, unsigned int flags, virDomainDef **liveDef, virDomainDef **persDef)
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

virDomainDef *virDomainObjGetOneDef(virDomainObj *vm, unsigned int flags)
{
    if (virDomainObjUpdateModificationImpact(vm, &flags) < 0)
        return NULL;
    if (virDomainObjIsActive(vm) && (flags & VIR_DOMAIN_AFFECT_CONFIG))
        return vm->newDef;
    return vm->def;
}

virDomainDef *virDomainObjGetPersistentDef(virDomainXMLOption *xmlopt, virDomainObj *domain, void *parseOpaque)
{
    check(no_job, held(&domain->job->active) || held(&domain->job->asyncOwner));

    if (virDomainObjIsActive(domain) && virDomainObjSetDefTransient(xmlopt, domain, parseOpaque) < 0)
        return NULL;
    return domain->newDef ? domain->newDef : domain->def;
}
