/* Objects that several may read at a time, since July 2017: the lists of domains, networks,
 * volumes. */

typedef struct _virObjectRWLockable virObjectRWLockable;
struct _virObjectRWLockable {
    virRWLock lock;
};

void virObjectRWLockRead(void *anyobj)
{
    virObjectRWLockable *obj = anyobj;

    virRWLockRead(&obj->lock);
}

void virObjectRWLockWrite(void *anyobj)
{
    virObjectRWLockable *obj = anyobj;

    virRWLockWrite(&obj->lock);
}

void virObjectRWUnlock(void *anyobj)
{
    virObjectRWLockable *obj = anyobj;

    virRWLockUnlock(&obj->lock);
}
