/* From the handle of an API call to the domain. */
virDomainObjPtr qemuDomObjFromDomain(virDomainPtr domain)
{
    virQEMUDriverPtr driver = domain->conn->privateData;

    return virDomainObjListFindByUUID(driver->domains, (const unsigned char *) domain->uuid);
}
