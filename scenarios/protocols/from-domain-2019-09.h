/* From the handle of an API call to the domain, under its name since September 2019 (75f4a7b2c). */

typedef struct _virDomainSnapshot *virDomainSnapshotPtr;
typedef struct _virDomainCheckpoint *virDomainCheckpointPtr;

struct _virDomainSnapshot {
    virDomainPtr domain __attribute__((subject));
};

struct _virDomainCheckpoint {
    virDomainPtr domain __attribute__((subject));
};

virDomainObjPtr qemuDomainObjFromDomain(virDomainPtr domain)
{
    virQEMUDriverPtr driver = domain->conn->privateData;

    return virDomainObjListFindByUUID(driver->domains, (const unsigned char *) domain->uuid);
}

virDomainObjPtr qemuDomObjFromSnapshot(virDomainSnapshotPtr snapshot)
{
    return qemuDomainObjFromDomain(snapshot->domain);
}

virDomainObjPtr qemuDomObjFromCheckpoint(virDomainCheckpointPtr checkpoint)
{
    return qemuDomainObjFromDomain(checkpoint->domain);
}
