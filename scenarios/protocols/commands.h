/* What is done with a domain under its lock, and with its monitor between Enter and Exit. */

/* One look at, or one change of, the domain's own data. */
void touch(virDomainObjPtr vm)
{
    check(missing_lock, held(&vm->lock));
    access(vm);
}

/* Where QEMU is talked to. It may take for ever, so nothing that others need may be held but the monitor itself. */
int qemuMonitorCommand(qemuMonitorPtr mon)
{
    check(monitor_unbalanced, held(&mon->lock));
    requires(!held(&driver->lock));
    access(mon);
    return mon->eof ? -1 : 0;
}

/* The commands of the time; what they ask QEMU makes no difference here. */
#define qemuMonitorStartCPUs(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorStopCPUs(mon) qemuMonitorCommand(mon)
#define qemuMonitorSystemPowerdown(mon) qemuMonitorCommand(mon)
#define qemuMonitorGetBalloonInfo(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorSetBalloon(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorGetBlockStatsInfo(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorGetMigrationStatus(mon, ...) qemuMonitorCommand(mon)
#define qemuMonitorSaveVirtualMemory(mon, ...) qemuMonitorCommand(mon)
