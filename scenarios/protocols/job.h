/* What the mail's code and its first repairs have in common: BeginJob, and entering the monitor. */
#include "job-begin.h"

/* Swaps the domain lock for the monitor lock. Only the owner of the job may: that is what keeps monitor users apart. */
void qemuDomainObjEnterMonitor(virDomainObjPtr vm)
{
    qemuDomainObjPrivatePtr priv = vm->privateData;

    check(missing_lock, held(&vm->lock));
    check(no_job, held(&priv->jobActive));

    qemuMonitorLock(priv->mon);
    virDomainObjUnlock(vm);
}
