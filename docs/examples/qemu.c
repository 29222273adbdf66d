/* QEMU's locks.
 *
 *     lockproof lint --contract qemu.c block migration util
 *
 * A CoMutex is held by a coroutine, which is what a function runs in; to the linter both are the
 * same. The big lock is one for the process. RCU and the lock of the block graph may be taken again
 * by who has them, and are left out. The macros at the end stand in the place of QEMU's own, which
 * are defined in headers. */

typedef struct QemuMutex {
    pthread_mutex_t lock __attribute__((class(mutex)));
} QemuMutex;

typedef struct CoMutex {
    pthread_mutex_t lock __attribute__((class(comutex)));
} CoMutex;

typedef struct QemuSpin {
    pthread_mutex_t lock __attribute__((class(spin)));
} QemuSpin;

static QemuMutex bql;

void qemu_mutex_lock(QemuMutex *mutex)
{
    pthread_mutex_lock(&mutex->lock);
}

void qemu_mutex_unlock(QemuMutex *mutex)
{
    pthread_mutex_unlock(&mutex->lock);
}

/* 0 when the lock was taken. */
int qemu_mutex_trylock(QemuMutex *mutex)
{
    return pthread_mutex_trylock(&mutex->lock);
}

void qemu_co_mutex_lock(CoMutex *mutex)
{
    pthread_mutex_lock(&mutex->lock);
}

void qemu_co_mutex_unlock(CoMutex *mutex)
{
    pthread_mutex_unlock(&mutex->lock);
}

void qemu_spin_lock(QemuSpin *spin)
{
    pthread_mutex_lock(&spin->lock);
}

void qemu_spin_unlock(QemuSpin *spin)
{
    pthread_mutex_unlock(&spin->lock);
}

void bql_lock(void)
{
    pthread_mutex_lock(&bql.lock);
}

void bql_unlock(void)
{
    pthread_mutex_unlock(&bql.lock);
}

/* The guards: locked to the end of the scope, or for the block. */
QemuMutex *lock_guard(QemuMutex *mutex)
{
    pthread_mutex_lock(&mutex->lock);
    return mutex;
}

void lock_guard_end(QemuMutex **mutex)
{
    if (*mutex)
        pthread_mutex_unlock(&(*mutex)->lock);
}

#define QEMU_LOCK_GUARD(x) \
    QemuMutex *guarded __attribute__((cleanup(lock_guard_end))) = lock_guard((QemuMutex *) (x))

#define WITH_QEMU_LOCK_GUARD(x)                                          \
    for (QemuMutex *guarded __attribute__((cleanup(lock_guard_end))) =   \
             lock_guard((QemuMutex *) (x));                              \
         guarded;                                                        \
         lock_guard_end(&guarded), guarded = NULL)

/* Loops, so that their variable is not taken for what it was before. */
#define QLIST_FOREACH(var, head, field) \
    for ((var) = (head)->lh_first; (var); (var) = (var)->field.le_next)
#define QLIST_FOREACH_SAFE(var, head, field, next)                               \
    for ((var) = (head)->lh_first; (var) && ((next) = (var)->field.le_next, 1);  \
         (var) = (next))
#define QLIST_FOREACH_RCU(var, head, field) QLIST_FOREACH(var, head, field)
#define QSLIST_FOREACH(var, head, field) \
    for ((var) = (head)->slh_first; (var); (var) = (var)->field.sle_next)
#define QSIMPLEQ_FOREACH(var, head, field) \
    for ((var) = (head)->sqh_first; (var); (var) = (var)->field.sqe_next)
#define QSIMPLEQ_FOREACH_SAFE(var, head, field, next)                              \
    for ((var) = (head)->sqh_first; (var) && ((next) = (var)->field.sqe_next, 1);  \
         (var) = (next))
#define QTAILQ_FOREACH(var, head, field) \
    for ((var) = (head)->tqh_first; (var); (var) = (var)->field.tqe_next)
#define QTAILQ_FOREACH_SAFE(var, head, field, next)                                \
    for ((var) = (head)->tqh_first; (var) && ((next) = (var)->field.tqe_next, 1);  \
         (var) = (next))
#define RAMBLOCK_FOREACH_NOT_IGNORED(block) \
    for ((block) = next_block(NULL); (block); (block) = next_block(block))
#define RAMBLOCK_FOREACH_MIGRATABLE(block) RAMBLOCK_FOREACH_NOT_IGNORED(block)
#define likely(x) (x)
#define unlikely(x) (x)
#define ERRP_GUARD() errp = errp_of_caller(errp)
