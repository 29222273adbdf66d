/* Whether the guest runs, and its configurations. */

/* Domain locked. Known until the lock is dropped the next time. */
int virDomainObjIsActive(virDomainObjPtr dom)
{
    check(missing_lock, held(&dom->parent.lock));

    return dom->def->id != -1;
}

/* One look at, or one change of, the domain's own data. */
void touch(virDomainObjPtr vm)
{
    check(missing_lock, held(&vm->parent.lock));

    access(vm);
}

/* Of a running guest def is the live configuration, and newDef what it will be after the next
 * start. */
int virDomainObjSetDefTransient(virCapsPtr caps, virDomainXMLOptionPtr xmlopt, virDomainObjPtr domain, bool live)
{
    if (!domain->persistent || domain->newDef)
        return 0;
    domain->newDef = g_new0(virDomainDef, 1);
    domain->newDef->id = -1;
    return 0;
}

/* The live configuration is freed: what was taken from vm->def before is gone. */
void qemuDomainObjRemoveTransientDef(virDomainObjPtr vm)
{
    virDomainDefPtr live = vm->def;

    if (!vm->newDef)
        return;
    vm->def = vm->newDef;
    vm->def->id = -1;
    vm->newDef = NULL;
    g_free(live);
}

virDomainDefPtr virDomainObjGetPersistentDef(virCapsPtr caps, virDomainXMLOptionPtr xmlopt, virDomainObjPtr domain)
{
    if (virDomainObjIsActive(domain) && virDomainObjSetDefTransient(caps, xmlopt, domain, false) < 0)
        return NULL;
    return domain->newDef ? domain->newDef : domain->def;
}
