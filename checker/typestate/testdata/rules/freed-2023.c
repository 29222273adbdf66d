/* contract: jobs.c */

static int shows(const char *dir, const char *name)
{
    char *file = g_strdup_printf("%s/%s", dir, name);
    portDef *def = parsePort(file);

    VIR_FREE(file);
    file = NULL;
    if (!def) {
        VIR_WARN("Cannot parse %s", file); /* warn use-after-release */
        return -1;
    }
    return addPort(def);
}

static int showsAndFrees(const char *dir, const char *name)
{
    char *file = g_strdup_printf("%s/%s", dir, name);
    portDef *def = parsePort(file);

    if (!def)
        VIR_WARN("Cannot parse %s", file);
    VIR_FREE(file);
    VIR_DEBUG("%s", NULLSTR(file));
    VIR_DEBUG("freed %p", file);
    return addPort(def);
}

static int follows(portDef *def)
{
    portDefFree(def);
    return def->id; /* warn use-after-release */
}

static char *givesBack(char *name)
{
    g_free(name);
    return name; /* warn use-after-release */
}

static void passes(portDef *def, int n)
{
    g_free(def);
    if (n > 0)
        addPort(def); /* warn use-after-release */
}

static int another(const char *dir)
{
    portDef *def = parsePort(dir);
    char *file = NULL;

    portDefFree(def);
    def = parsePort("default");
    g_clear_pointer(&file, g_free);
    if (file && file[0])
        addPort(def);
    return def->id;
}

/* One way comes here with what is freed, the other one does not. */
static int afterLabel(portDef *def, int n)
{
    if (n > 0)
        goto done;
    portDefFree(def);
    return 0;

done:
    return def->id;
}

/* A part of it is freed. */
static int frees(portDef *def)
{
    portDefNamesFree(def);
    return def->id;
}

/* What it leads to is freed and NULL. */
static int clears(portDef **def)
{
    g_clear_pointer(def, portDefFree);
    return addPort(*def);
}

static int either(portDef *def, int n)
{
    g_free(def);
    if (n > 0)
        def = parsePort("a");
    else
        def = parsePort("b");
    return def->id;
}

static size_t sizes(portDef *def)
{
    g_free(def);
    return sizeof(*def);
}
