/* contract: jobs.c */

/* The key is looked at before the lock is taken, and the label unlocks. */
static int asksBefore(struct session *sess, const char *key)
{
    if (!key)
        goto error;
    virObjectLock(sess);
    if (addKey(sess, key) < 0)
        goto error;
    virObjectUnlock(sess);
    return 0;

error:
    virObjectUnlock(sess); /* want bad-unlock */
    return -1;
}

static int asksAndReturns(struct session *sess, const char *key)
{
    if (!key)
        return -1;
    virObjectLock(sess);
    if (addKey(sess, key) < 0)
        goto error;
    virObjectUnlock(sess);
    return 0;

error:
    virObjectUnlock(sess);
    return -1;
}

/* Whoever calls it has the domain locked, and unlocks it. */
static void unlocksInTheMiddle(virDomainObj *vm, int n)
{
    if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)
        return;
    if (!virDomainObjIsActive(vm))
        goto endjob;
    if (n > 1)
        save(vm);
    virObjectUnlock(vm); /* want bad-unlock */
    announce(n);

endjob:
    virDomainObjEndJob(vm); /* want missing-lock */
}

/* Nobody has locked the driver. */
static int unlocksAlone(struct driver *driver, const char *from)
{
    int ret = -1;
    int fd = openImage(from);

    if (fd < 0)
        goto unlock;
    ret = restore(driver, fd);

cleanup:
    close(fd);
    return ret;

unlock:
    virMutexUnlock(&driver->mutex); /* want bad-unlock */
    goto cleanup;
}

/* Callers know the condition as well. */
static void unlocksStack(struct manager *mgr)
{
    if (mgr->stacked)
        virObjectUnlock(mgr);
}

/* It is for callers to unlock it where this fails. */
static int unlocksWhenDone(virDomainObj *vm, int n)
{
    if (n < 0)
        return -1;
    virObjectUnlock(vm);
    return 0;
}

/* NULL is unlocked by nobody. */
static void unlocksWhatIsThere(struct session *sess)
{
    if (!sess)
        return;
    virObjectUnlock(sess);
}

/* What is wrong is told where the job is begun; the lock is taken again on the other path. */
static int dropsForAWhile(virDomainObj *vm, int n)
{
    int ret = -1;

    virObjectUnlock(vm);
    if (ask(n) < 0)
        goto end;
    virObjectLock(vm);
    ret = 0;

end:
    virDomainObjEndJob(vm); /* want missing-lock */
    return ret;
}
