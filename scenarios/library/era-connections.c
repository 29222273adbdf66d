/* What the connections to QEMU and to the agent promise, from 2013 to today. */

static qemuMonitor monitor;
static qemuAgent guest_agent;

void ask(virConnectPtr conn)
{
    qemuMonitorMessage msg = { false };
    int ret;

    virObjectLock(&monitor);
    ret = qemuMonitorSend(&monitor, &msg);
    assert(ret == 0 && msg.finished && !monitor.msg);
    virObjectUnlock(&monitor);
}

void answer(virConnectPtr conn)
{
    qemuMonitorAnswered(&monitor);
}

void ask_impatiently(virConnectPtr conn)
{
    qemuMonitorMessage msg = { false };
    int ret;

    virObjectLock(&monitor);
    ret = qemuMonitorSend(&monitor, &msg);
    assert((ret == -1 || msg.finished) && !monitor.msg);
    virObjectUnlock(&monitor);
}

void ask_in_vain(virConnectPtr conn)
{
    qemuMonitorMessage msg = { false };
    int ret;

    virObjectLock(&monitor);
    ret = qemuMonitorSend(&monitor, &msg);
    assert(ret == -1 && !monitor.msg);
    ret = qemuMonitorSend(&monitor, &msg);
    assert(ret == -1 && !monitor.msg);
    virObjectUnlock(&monitor);
}

void gone(virConnectPtr conn)
{
    qemuMonitorGone(&monitor);
}

void closed(virConnectPtr conn)
{
    virObjectRef(&monitor);
    qemuMonitorClose(&monitor);
}

void ask_agent(virConnectPtr conn)
{
    int ret;

    virObjectLock(&guest_agent);
    ret = qemuAgentSend(&guest_agent);
    assert(ret == 0 && guest_agent.answered);
    virObjectUnlock(&guest_agent);
}

void agent_answers(virConnectPtr conn)
{
    qemuAgentAnswered(&guest_agent);
}

void ask_agent_in_vain(virConnectPtr conn)
{
    int ret;

    virObjectLock(&guest_agent);
    ret = qemuAgentSend(&guest_agent);
    assert(ret == -1 && guest_agent.closed);
    virObjectUnlock(&guest_agent);
}

void ask_agent_impatiently(virConnectPtr conn)
{
    int ret;

    virObjectLock(&guest_agent);
    ret = qemuAgentSend(&guest_agent);
    assert(ret == -1 || guest_agent.answered);
    virObjectUnlock(&guest_agent);
}

void agent_closes(virConnectPtr conn)
{
    virObjectRef(&guest_agent);
    qemuAgentClose(&guest_agent);
}
