/* What libvirt's objects begin with since January 2013 (325b02b5a): virObjectLock and
 * virObjectUnlock take the lock of whatever begins with one. */

typedef struct _virObjectLockable virObjectLockable;
struct _virObjectLockable {
    virMutex lock;
};
