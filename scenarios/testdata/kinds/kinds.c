/* One defect a function, and its repaired twin. The twin is called with the same threads beside it. */

static int counter;
static virMutex counterLock;

void unlock_twice(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    virDomainObjUnlock(vm);
    virDomainObjUnlock(vm);
}

void unlock_once(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    virDomainObjUnlock(vm);
}

void lock_twice(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    virDomainObjLock(vm);
    virDomainObjUnlock(vm);
}

void find_locked(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDriverLock(driver);
    virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    virDomainObjUnlock(vm);
}

void touch_unlocked(virDomainObjPtr vm)
{
    touch(vm);
}

void touch_locked(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    touch(vm);
    virDomainObjUnlock(vm);
}

void peek_at_job(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    if (priv->jobActive)
        touch_locked(vm);
}

void look_at_job(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;
    int busy;

    virDomainObjLock(vm);
    busy = priv->jobActive;
    virDomainObjUnlock(vm);
    if (busy)
        touch_locked(vm);
}

void wait_unlocked(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virCondWait(&priv->jobCond, &vm->lock);
}

/* Drops the list's reference and goes on. */
void use_after_removal(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (vm) {
        virDomainRemoveInactive(&driver->domains, vm);
        virDomainObjLock(vm);
        virDomainObjUnlock(vm);
    }
    qemuDriverUnlock(driver);
}

void removal_with_reference(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    if (vm) {
        virDomainObjRef(vm);
        virDomainRemoveInactive(&driver->domains, vm);
        virDomainObjLock(vm);
        if (virDomainObjUnref(vm) > 0)
            virDomainObjUnlock(vm);
    }
    qemuDriverUnlock(driver);
}

void no_null_test(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    virDomainObjUnlock(vm);
}

void null_test(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    vm = virDomainFindByUUID(&driver->domains, vm);
    qemuDriverUnlock(driver);
    if (vm)
        virDomainObjUnlock(vm);
}

void keep_reference(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    virDomainObjRef(vm);
    virDomainObjUnlock(vm);
}

void drop_reference(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    virDomainObjRef(vm);
    virDomainObjUnref(vm);
    virDomainObjUnlock(vm);
}

void drop_too_many(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    virDomainObjUnref(vm);
}

void keep_lock(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
}

void keep_job(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virDomainObjLock(vm);
    priv->jobActive = 1;
    virDomainObjUnlock(vm);
}

void give_job_back(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virDomainObjLock(vm);
    priv->jobActive = 1;
    priv->jobActive = 0;
    virDomainObjUnlock(vm);
}

/* Takes the job without looking whether it is free. */
void seize_job(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virDomainObjLock(vm);
    priv->jobActive = 1;
    virDomainObjUnlock(vm);
    virDomainObjLock(vm);
    priv->jobActive = 0;
    virDomainObjUnlock(vm);
}

void begin_job(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    if (qemuDomainObjBeginJob(vm) == 0) {
        virDomainObjUnlock(vm);
        virDomainObjLock(vm);
        qemuDomainObjEndJob(vm);
    }
    virDomainObjUnlock(vm);
}

void end_without_begin(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virDomainObjLock(vm);
    priv->jobActive = 0;
    virDomainObjUnlock(vm);
}

void command_outside(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuMonitorCommand(priv->mon);
}

void command_inside(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    qemuMonitorLock(priv->mon);
    qemuMonitorCommand(priv->mon);
    qemuMonitorUnlock(priv->mon);
}

void begin_with_driver_held(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    if (qemuDomainObjBeginJob(vm) == 0)
        qemuDomainObjEndJob(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

/* Two increments without a lock: one can be lost. */
void count_unlocked(void)
{
    counter++;
}

void count_locked(void)
{
    virMutexLock(&counterLock);
    counter++;
    virMutexUnlock(&counterLock);
}

void two_counted(void)
{
    while (counter < 2)
        ;
}

void sum_unlocked(int first)
{
    int seen = counter;

    counter = seen + 1;
    assert(first || counter > seen);
}

void counted_before(void)
{
    int before = counter;

    counter = before + 1;
    assert(counter == before + 1);
}

void counted_before_locked(void)
{
    int before;

    virMutexLock(&counterLock);
    before = counter;
    counter = before + 1;
    assert(counter == before + 1);
    virMutexUnlock(&counterLock);
}

void look_then_count(void)
{
    int before = counter;
    int after;

    counter = before + 1;
    after = counter;
    assert(after == before + 1);
}

void look_then_count_locked(void)
{
    int before;
    int after;

    virMutexLock(&counterLock);
    before = counter;
    counter = before + 1;
    after = counter;
    virMutexUnlock(&counterLock);
    assert(after == before + 1);
}

void driver_then_domain(virDomainObjPtr vm)
{
    qemuDriverLock(driver);
    virDomainObjLock(vm);
    virDomainObjUnlock(vm);
    qemuDriverUnlock(driver);
}

void domain_then_driver(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    qemuDriverLock(driver);
    qemuDriverUnlock(driver);
    virDomainObjUnlock(vm);
}

/* Ends the job and tells nobody, who finds out when the time is up. */
void silent_end(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virDomainObjLock(vm);
    while (priv->jobActive) {
        if (virCondWaitUntil(&priv->jobCond, &vm->lock, 1) < 0) {
            virDomainObjUnlock(vm);
            return;
        }
    }
    priv->jobActive = 1;
    virDomainObjUnlock(vm);
    virDomainObjLock(vm);
    priv->jobActive = 0;
    virDomainObjUnlock(vm);
}

/* The same where no time is ever up: the wait may fail, and need not. */
void silent_end_of_hope(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virDomainObjLock(vm);
    while (priv->jobActive) {
        if (virCondWait(&priv->jobCond, &vm->lock) < 0) {
            virDomainObjUnlock(vm);
            return;
        }
    }
    priv->jobActive = 1;
    virDomainObjUnlock(vm);
    virDomainObjLock(vm);
    priv->jobActive = 0;
    virDomainObjUnlock(vm);
}

/* Changes a plain variable, with a lock or without. */
static int plain;
static virMutex plainLock;

void change_plain(void)
{
    plain = 1;
}

void change_plain_locked(void)
{
    virMutexLock(&plainLock);
    plain = 1;
    virMutexUnlock(&plainLock);
}

/* Tests the condition once, not again after the wake-up. */
void if_instead_of_while(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virDomainObjLock(vm);
    if (priv->jobActive)
        virCondWait(&priv->jobCond, &vm->lock);
    priv->jobActive = 1;
    virDomainObjUnlock(vm);
    virDomainObjLock(vm);
    priv->jobActive = 0;
    virCondSignal(&priv->jobCond);
    virDomainObjUnlock(vm);
}

void while_loop(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    virDomainObjLock(vm);
    while (priv->jobActive)
        virCondWait(&priv->jobCond, &vm->lock);
    priv->jobActive = 1;
    virDomainObjUnlock(vm);
    virDomainObjLock(vm);
    priv->jobActive = 0;
    virCondSignal(&priv->jobCond);
    virDomainObjUnlock(vm);
}

/* A rule of the scenario's own, for each kind that no primitive knows. */
void rule(int broken)
{
    virMutexLock(&counterLock);
    switch (broken) {
    case 1: check(wrong_variant, !held(&counterLock)); break;
    case 2: check(stale_liveness, !held(&counterLock)); break;
    case 3: check(stale_data, !held(&counterLock)); break;
    case 4: check(def_in_monitor, !held(&counterLock)); break;
    case 5: check(block_under_lock, !held(&counterLock)); break;
    case 6: check(async_nesting, !held(&counterLock)); break;
    case 7: check(state_race, !held(&counterLock)); break;
    case 8: check(lock_order, !held(&counterLock)); break;
    case 9: check(lost_wakeup, !held(&counterLock)); break;
    default: check(state_race, held(&counterLock)); break;
    }
    virMutexUnlock(&counterLock);
}

void spin(virDomainObjPtr vm)
{
    virDomainObjLock(vm);
    touch(vm);
    virDomainObjUnlock(vm);
}

struct note { int length; int used; };

/* Memory is freed by the pointer that malloc gave, and by no other. */
void frees_a_field(virDomainObjPtr vm)
{
    struct note *note = g_new0(struct note, 1);

    virDomainObjLock(vm);
    virDomainObjUnlock(vm);
    g_free(&note->used);
}

void frees_what_it_allocated(virDomainObjPtr vm)
{
    struct note *note = g_new0(struct note, 1);

    virDomainObjLock(vm);
    virDomainObjUnlock(vm);
    g_free(note);
}

void reads_what_malloc_left(void)
{
    struct note *note = malloc(sizeof(*note));

    if (note->length == 0)
        note->used = 1;
    free(note);
}

void reads_what_calloc_left(void)
{
    struct note *note = calloc(1, sizeof(*note));

    if (note->length == 0)
        note->used = 1;
    free(note);
}

/* A table of two elements. */
static int table[2];

void fill(int n)
{
    for (int i = 0; i < n; i++)
        table[i] = i;
}

void halve(int parts)
{
    virMutexLock(&counterLock);
    counter = parts;
    counter = 8 / counter;
    virMutexUnlock(&counterLock);
}
