/* contract: jobs.c */

struct private_data {
    virMutex lock;
};

/* What it returns is a guard, which knows the lock that it has taken. */
static virLockGuard lockData(struct private_data *priv)
{
    return virLockGuardLock(&priv->lock);
}

static int uses(struct private_data *priv, int n)
{
    VIR_LOCK_GUARD lock = lockData(priv);

    if (n < 0)
        return -1;
    return work(n);
}

static int usesTwice(struct private_data *priv, int n)
{
    VIR_LOCK_GUARD lock = lockData(priv);

    return uses(priv, n); /* want self-deadlock */
}

static struct driver table = { .work = uses };
