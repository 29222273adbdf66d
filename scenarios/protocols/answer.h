/* How a command waits for its answer, where a scenario asks about that: without the monitor's lock, which the event loop needs. */

/* Sends a message and sleeps until it is answered, or QEMU is gone. */
int qemuMonitorSend(qemuMonitorPtr mon, qemuMonitorMessagePtr msg)
{
    check(monitor_unbalanced, held(&mon->lock));
    check(block_under_lock, !held(&driver->lock));

    if (mon->eof)
        return -1;
    mon->unanswered = 1;
    while (mon->unanswered)
        virCondWait(&mon->notify, &mon->lock);
    return mon->eof ? -1 : 0;
}

/* What the event loop does when QEMU answers, or hangs up: whoever waits is woken. */
void qemuMonitorIO(qemuMonitorPtr mon, int hangup)
{
    qemuMonitorLock(mon);
    if (hangup)
        mon->eof = 1;
    mon->unanswered = 0;
    virCondBroadcast(&mon->notify);
    qemuMonitorUnlock(mon);
}
