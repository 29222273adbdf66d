/* The jobs of libxl and lxc from June 2016 (306b3a850, 9ac945078) to 2021: the reference is that of
 * the look-up, and there are no async ones. */

int libxlDomainObjBeginJob(void *driver, virDomainObjPtr obj, int job)
{
    return qemuDomainObjBeginJob(qemu_driver, obj, QEMU_JOB_MODIFY);
}

void libxlDomainObjEndJob(void *driver, virDomainObjPtr obj)
{
    qemuDomainObjEndJob(qemu_driver, obj);
}

int virLXCDomainObjBeginJob(void *driver, virDomainObjPtr obj, int job)
{
    return qemuDomainObjBeginJob(qemu_driver, obj, QEMU_JOB_MODIFY);
}

void virLXCDomainObjEndJob(void *driver, virDomainObjPtr obj)
{
    qemuDomainObjEndJob(qemu_driver, obj);
}
