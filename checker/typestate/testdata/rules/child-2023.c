/* contract: jobs.c */

/* A child process has the locks of its parent, and not the threads that hold them. */

struct daemon {
    virMutex lock;
    int settings;
};

static struct daemon *daemon;

static void daemonLock(struct daemon *d)
{
    virMutexLock(&d->lock);
}

static int daemonSettings(struct daemon *d)
{
    int n;

    daemonLock(d);
    n = d->settings;
    virMutexUnlock(&d->lock);
    return n;
}

static int prepares(void *opaque)
{
    struct daemon *d = opaque;

    return daemonSettings(daemon) + d->settings; /* warn self-deadlock */
}

static int preparesWith(void *opaque)
{
    int *settings = opaque;

    return *settings;
}

/* Its own lock. */
struct job {
    virMutex lock;
};

static int runs(void *opaque)
{
    struct job *job = opaque;

    virMutexLock(&job->lock);
    virMutexUnlock(&job->lock);
    return 0;
}

/* What it is given beside that runs nowhere. */
static int aside(void *opaque)
{
    return daemonSettings(daemon);
}

static void starts(virCommand *cmd, int *settings)
{
    virCommandSetPreExecHook(cmd, preparesWith, aside);
    virCommandSetPreExecHook(cmd, prepares, daemon);
    virCommandSetPreExecHook(cmd, preparesWith, settings);
    virProcessRunInFork(runs, NULL);
}
