/* The look-ups of the other drivers from 2018 to 2021: locked, and with a reference. */

virDomainObjPtr libxlDomObjFromDomain(virDomainPtr domain)
{
    virQEMUDriverPtr driver = domain->conn->privateData;

    return virDomainObjListFindByUUID(driver->domains, (const unsigned char *) domain->uuid);
}

virDomainObjPtr lxcDomObjFromDomain(virDomainPtr domain)
{
    virQEMUDriverPtr driver = domain->conn->privateData;

    return virDomainObjListFindByUUID(driver->domains, (const unsigned char *) domain->uuid);
}

virDomainObjPtr testDomObjFromDomain(virDomainPtr domain)
{
    virQEMUDriverPtr driver = domain->conn->privateData;

    return virDomainObjListFindByUUID(driver->domains, (const unsigned char *) domain->uuid);
}

virDomainObjPtr bhyveDomObjFromDomain(virDomainPtr domain)
{
    virQEMUDriverPtr driver = domain->conn->privateData;

    return virDomainObjListFindByUUID(driver->domains, (const unsigned char *) domain->uuid);
}

virDomainObjPtr vzDomObjFromDomain(virDomainPtr domain)
{
    virQEMUDriverPtr driver = domain->conn->privateData;

    return virDomainObjListFindByUUID(driver->domains, (const unsigned char *) domain->uuid);
}
