/* A guest, its job and its monitor, as the suites about single bugs of libvirt have them.
 * Whoever has a guest has a reference to it, so a job counts none. */

struct monitor {
    virMutex lock __attribute__((class(monitor)));
    virCond notify __attribute__((guarded_by(lock)));
    int refs __attribute__((refcount));
    bool answered __attribute__((guarded_by(lock)));
};

struct guest {
    virMutex lock __attribute__((class(domain)));
    int refs __attribute__((refcount));
    bool active __attribute__((init(1), guarded_by(lock)));
    int job __attribute__((owner, guarded_by(lock), class(job)));
    virCond jobCond __attribute__((guarded_by(lock)));
    struct monitor *mon __attribute__((new));
};

/* Waits until the guest has no job and takes it. */
static int beginJob(struct guest *vm)
{
    requires(held(&vm->lock));

    while (vm->job) {
        if (virCondWait(&vm->jobCond, &vm->lock) < 0)
            return -1;
    }
    vm->job = 1;
    return 0;
}

static void endJob(struct guest *vm)
{
    requires(held(&vm->lock));

    vm->job = 0;
    virCondSignal(&vm->jobCond);
}

/* Swaps the guest's lock for its monitor's. Only the owner of the job may. */
static void enterMonitor(struct guest *vm)
{
    check(missing_lock, held(&vm->lock));
    check(no_job, held(&vm->job));

    virMutexLock(&vm->mon->lock);
    virMutexUnlock(&vm->lock);
}

static void exitMonitor(struct guest *vm)
{
    virMutexUnlock(&vm->mon->lock);
    virMutexLock(&vm->lock);
}
