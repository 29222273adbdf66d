/* contract: jobs.c */

/* A configuration is nothing that the contract knows. */
struct config *driverConfig(struct driver *driver)
{
    struct config *cfg;

    virMutexLock(&driver->lock);
    cfg = virObjectRef(driver->config);
    virMutexUnlock(&driver->lock);
    return cfg;
}

static int forgets(struct driver *driver, const char *name)
{
    struct config *cfg = driverConfig(driver);
    int ret = -1;

    if (!exists(cfg->dir, name))
        return -1; /* want refcount */
    ret = save(cfg->dir, name);
    virObjectUnref(cfg);
    return ret;
}

static int hidden(struct driver *driver, unsigned int flags)
{
    struct config *cfg = driverConfig(driver);

    virCheckFlags(0, -1); /* want refcount */
    save(cfg->dir, "all");
    virObjectUnref(cfg);
    return 0;
}

static int atTheEnd(struct driver *driver, const char *name)
{
    g_autoptr(config) cfg = driverConfig(driver);

    if (!exists(cfg->dir, name))
        return -1;
    return save(cfg->dir, name);
}

/* It may be NULL, and then there is nothing to drop. */
static int mayFail(struct driver *driver, const char *name)
{
    struct config *cfg = NULL;

    if (!(cfg = driverConfig(driver)))
        return -1;
    save(cfg->dir, name);
    g_clear_pointer(&cfg, virObjectUnref);
    return 0;
}

static void stores(struct driver *driver, struct worker *worker)
{
    struct config *cfg = driverConfig(driver);

    worker->config = cfg;
}

static struct config *passesOn(struct driver *driver)
{
    struct config *cfg = driverConfig(driver);

    check(cfg);
    return cfg;
}

static void forgetsWhatIsPassedOn(struct driver *driver)
{
    struct config *cfg = passesOn(driver);

    check(cfg);
} /* want refcount */

static void givesTheAddress(struct driver *driver)
{
    struct config *cfg = driverConfig(driver);

    dropAll(&cfg);
}

/* The event loop has a reference, which may go with the callback. */
static void event(int fd, void *opaque)
{
    struct watch *watch = opaque;

    virObjectRef(watch);
    virObjectLock(watch);
    look(fd);
    virObjectUnlock(watch);
    virObjectUnref(watch);
    watch->notify(fd, watch->data); /* warn use-after-release */
}

static void eventInOrder(int fd, void *opaque)
{
    struct watch *watch = opaque;

    virObjectRef(watch);
    watch->notify(fd, watch->data);
    virObjectUnref(watch);
}

/* Callers keep their reference. */
static void forAWhile(struct watch *watch)
{
    virObjectRef(watch);
    watch->notify(0, watch->data);
    virObjectUnref(watch);
    watch->busy = false;
}

/* The reference was for the callback, which does not come. */
static int registers(struct watch *watch)
{
    virObjectRef(watch);
    if (addTimeout(event, watch, virObjectUnref) < 0) {
        virObjectUnref(watch);
        watch->busy = false;
        return -1;
    }
    return 0;
}

/* Whoever drops a reference that he has not taken goes without one. */
static void closes(struct watch *watch)
{
    virObjectUnref(watch);
    if (watch->file) /* warn use-after-release */
        virObjectUnref(watch->file);
}

static void closesInOrder(struct watch *watch)
{
    virObjectUnref(watch->file);
    virObjectUnref(watch);
}

static void closesWhatIsLeft(struct watch *watch)
{
    if (virObjectUnref(watch))
        virObjectUnlock(watch);
}

static void closesAll(struct watch *watches, int n)
{
    int i;

    for (i = 0; i < n; i++) {
        struct watch *watch = watches + i;

        close(watch->fd);
        virObjectUnref(watch->file);
    }
}

/* The table has the only reference that is known, and the callback may take it out of there. */
static int forEach(void *payload, const char *name, void *opaque)
{
    struct watch *watch = payload;
    struct iteration *data = opaque;

    virObjectLock(watch);
    data->iter(watch, data->opaque);
    virObjectUnlock(watch); /* warn refcount */
    return 0;
}

static int forEachWithReference(void *payload, const char *name, void *opaque)
{
    struct watch *watch = payload;
    struct iteration *data = opaque;

    virObjectRef(watch);
    virObjectLock(watch);
    data->iter(watch, data->opaque);
    virObjectUnlock(watch);
    virObjectUnref(watch);
    return 0;
}

/* Who is asked takes nothing out. */
static int search(void *payload, const char *name, void *opaque)
{
    struct watch *watch = payload;
    struct iteration *data = opaque;
    int found;

    virObjectLock(watch);
    found = data->match(watch, data->opaque);
    virObjectUnlock(watch);
    return found;
}
