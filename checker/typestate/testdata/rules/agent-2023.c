/* contract: jobs.c */

/* The agent's job keeps nobody from changing the definition. */
static int asksWithTheAgentJob(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuAgent *agent;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginAgentJob(vm, 1) < 0)
        goto cleanup;
    if (virDomainObjIsActive(vm)) {
        agent = qemuDomainObjEnterAgent(vm);
        ret = agentAsk(agent, vm->def); /* warn no-job */
        qemuDomainObjExitAgent(vm, agent);
    }
    virDomainObjEndAgentJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}

static int asksWithBoth(virDomainPtr dom)
{
    virDomainObj *vm;
    qemuAgent *agent;
    int ret = -1;

    if (!(vm = qemuDomainObjFromDomain(dom)))
        return -1;
    if (virDomainObjBeginJob(vm, VIR_JOB_QUERY) < 0)
        goto cleanup;
    if (virDomainObjBeginAgentJob(vm, 1) < 0)
        goto endjob;
    if (virDomainObjIsActive(vm)) {
        agent = qemuDomainObjEnterAgent(vm);
        ret = agentAsk(agent, vm->def); /* want def-in-monitor */
        qemuDomainObjExitAgent(vm, agent);
    }
    virDomainObjEndAgentJob(vm);
endjob:
    virDomainObjEndJob(vm);
cleanup:
    virDomainObjEndAPI(&vm);
    return ret;
}
