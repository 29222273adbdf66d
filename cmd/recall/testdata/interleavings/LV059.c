/* libvirt-2011-07 without the helpers of the monitor: how it is entered and left is the tree's. Whoever talks to QEMU has the job. */
#include <lockproof/names.h>
#include <lockproof/object-monitor-2009-11.h>
#include <lockproof/object-job-2011-07.h>
#include <lockproof/object-private-2011-07.h>
#include <lockproof/object-domain-2009-10.h>
#include <lockproof/driver.h>
#include <lockproof/locks.h>
#include <lockproof/list-2009-10.h>
#include <lockproof/job-2011-07.h>
#include <lockproof/async-2011-07.h>
#include <lockproof/remote-2010-07.h>
#include <lockproof/stop-2011-07.h>

int qemuMonitorCommand(qemuMonitorPtr mon)
{
    qemuDomainObjPrivatePtr priv = mon->vm->privateData;

    check(monitor_unbalanced, held(&mon->lock));
    check(no_job, held(&priv->job.active));
    return mon->eof ? -1 : 0;
}

#define qemuMonitorStartCPUs(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorStopCPUs(mon) qemuMonitorCommand(mon)
#define qemuMonitorGetBlockStatsInfo(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorGetMigrationStatus(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorMigrateToFile(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorMigrateCancel(mon) qemuMonitorCommand(mon)
