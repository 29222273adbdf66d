/* contract: jobs.c */

/* One of its callers has the object from others. */
static int begins(virDomainObj *vm, int n)
{
    int ret = n > 2 ? begin(vm, n) : -1;

    virDomainObjEndAPI(&vm); /* warn refcount */
    return ret;
}

static int migrates(virDomainObj *vm, int n)
{
    if (begins(vm, n) < 0)
        return -1;
    virObjectUnlock(vm); /* want bad-unlock */
    talk(n);
    virObjectLock(vm);
    return 0;
}

static int migratesAsWell(virDomainObj *vm, int n)
{
    int ret = begins(vm, n);

    virDomainObjEndAPI(&vm); /* want bad-unlock */
    return ret;
}

static int api(virDomainPtr dom, int n)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);

    return vm ? begins(vm, n) : -1;
}

/* This ends it on one of its ways only: that is another question. */
static int endsSometimes(virDomainObj *vm, int n)
{
    if (n < 2)
        return -1;
    virDomainObjEndAPI(&vm);
    return 0;
}

static int usesThat(virDomainObj *vm, int n)
{
    if (endsSometimes(vm, n) < 0)
        return -1;
    virObjectUnlock(vm); /* want bad-unlock */
    return 0;
}

/* The monitor has one reference, that of the field. */
static int connects(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;
    int ret = handshake(vm);

    if (ret < 0)
        virObjectUnref(priv->mon); /* warn refcount */
    return ret;
}

static void stops(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    if (priv->mon) {
        virObjectUnref(priv->mon);
        priv->mon = NULL;
    }
}

static int starts(virDomainObj *vm)
{
    if (connects(vm) < 0) {
        stops(vm);
        return -1;
    }
    return 0;
}

static int connectsCleanly(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;
    int ret = handshake(vm);

    if (ret < 0) {
        virObjectUnref(priv->mon);
        priv->mon = NULL;
    }
    return ret;
}

static int startsCleanly(virDomainObj *vm)
{
    if (connectsCleanly(vm) < 0) {
        stops(vm);
        return -1;
    }
    return 0;
}

static int startsAgain(virDomainObj *vm)
{
    qemuDomainObjPrivate *priv = vm->privateData;

    if (connects(vm) < 0) {
        priv->mon = open(vm);
        stops(vm);
        return -1;
    }
    return 0;
}
