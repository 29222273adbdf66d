/* 2020, when a shutdown has the agent's job first, and a sync job afterwards. */
#define FROM_DOMAIN(dom) qemuDomainObjFromDomain(dom)
#include "era-2018.c"

void shutdown(virDomainPtr dom)
{
    agent(dom);
    query(dom);
}
