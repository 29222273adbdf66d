/* contract: jobs.c */
/* Who takes what a pointer leads to, and sets the pointer to NULL, has what was there before. */
struct chk { virDomainDef *def; };

static struct chk *redefine(virDomainObj *vm, virDomainDef **def)
{
    struct chk *c = g_new0(struct chk, 1);

    virObjectLock(vm);
    c->def = *def;
    *def = NULL;
    virObjectUnlock(vm);
    return c;
}

static virDomainDef *steals(virDomainObj *vm, virDomainDef **def)
{
    virDomainDef *d = *def;

    virObjectLock(vm);
    *def = NULL;
    virObjectUnlock(vm);
    return d;
}

static int uses(virDomainObj *vm, virDomainDef *given)
{
    virDomainDef *def = given;
    struct chk *c = redefine(vm, &def);

    return c->def->id;
}

static int usesOther(virDomainObj *vm, const char *xml)
{
    virDomainDef *def = parse(xml);
    virDomainDef *d;

    if (!def)
        return -1;
    d = steals(vm, &def);
    return d->id;
}

static int wrong(virDomainObj *vm, const char *xml)
{
    virDomainDef *def = parse(xml);
    virDomainDef *d;

    if (!def)
        return -1;
    d = steals(vm, &def);
    return def->id + d->id; /* warn null-vm */
}
