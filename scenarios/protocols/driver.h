/* The QEMU driver, its lock, which protects the list of domains until February 2013, and what API functions are given. */

struct _virDomainObjList {
    int count;
};

/* How many may have a job of one domain or wait for it, since August 2011 (3005cacb6): qemu.conf says so. 0: any number. */
#ifndef MAX_QUEUED
# define MAX_QUEUED 0
#endif

struct qemud_driver {
    virMutex lock __attribute__((class(driver)));
    unsigned int max_queued __attribute__((init(MAX_QUEUED)));
    virDomainObjList domains;
};

/* There is one driver. */
struct qemud_driver *driver __attribute__((new));

/* What API functions are given: handles that name a domain without being it. */
struct _virConnect {
    void *privateData __attribute__((init(driver)));
};

struct _virDomain {
    virConnectPtr conn __attribute__((new));
    virDomainObjPtr uuid __attribute__((subject));
};

void qemuDriverLock(struct qemud_driver *drv)
{
    virMutexLock(&drv->lock);
}

void qemuDriverUnlock(struct qemud_driver *drv)
{
    virMutexUnlock(&drv->lock);
}

#ifdef LOCKPROOF_LINT
/* All other guests wait for the driver. */
__attribute__((blocks(driver))) int usleep(unsigned int usec)
{
    return 0;
}
#endif
