/* Threads that take locks in wrong orders, in functions that are called as libvirt's are, and end. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct { long head[2]; pthread_mutex_t lock; } virObjectLockable;
static virObjectLockable driver, list, vm;

void virMutexLock(pthread_mutex_t *m) { pthread_mutex_lock(m); }
void virObjectLock(void *anyobj) { virMutexLock(&((virObjectLockable *)anyobj)->lock); }
void virObjectUnlock(void *anyobj) { pthread_mutex_unlock(&((virObjectLockable *)anyobj)->lock); }
void qemuDriverLock(void *drv) { virMutexLock(&((virObjectLockable *)drv)->lock); }

void virDomainObjListForEach(void *doms, int (*cb)(void))
{
    virObjectLock(doms);
    cb();
    virObjectUnlock(doms);
}
int qemuStateReload(void) { qemuDriverLock(&driver); virObjectUnlock(&driver); return 0; }
void virDomainObjListAdd(void *doms) { virObjectLock(doms); virObjectUnlock(doms); }
int qemuStateInitialize(void)
{
    qemuDriverLock(&driver);
    virDomainObjListAdd(&list);
    virObjectUnlock(&driver);
    return 0;
}
int qemuProcessHandleStop(void) { virObjectLock(&vm); return 0; }

static void *first(void *arg) { (void)arg; qemuStateInitialize(); return NULL; }
static void *second(void *arg) { (void)arg; virDomainObjListForEach(&list, qemuStateReload); return NULL; }
static void *leaves(void *arg) { (void)arg; qemuProcessHandleStop(); return NULL; }
static void *unlocks(void *arg) { (void)arg; virObjectUnlock(&vm); return NULL; }

int main(int argc, char **argv)
{
    pthread_t t;
    void *(*all[2])(void *) = { NULL, NULL };
    pthread_mutex_init(&driver.lock, NULL);
    pthread_mutex_init(&list.lock, NULL);
    pthread_mutex_init(&vm.lock, NULL);
    if (argc != 2)
        return 2;
    if (!strcmp(argv[1], "order"))
        all[0] = first, all[1] = second;
    else if (!strcmp(argv[1], "good"))
        all[0] = first, all[1] = first;
    else if (!strcmp(argv[1], "leaves"))
        all[0] = leaves;
    else if (!strcmp(argv[1], "unlocks"))
        all[0] = unlocks;
    for (int i = 0; i < 2 && all[i]; i++) {
        if (pthread_create(&t, NULL, all[i], NULL) != 0)
            abort();
        pthread_join(t, NULL);
    }
    return 0;
}
