/* Nobody begins an async job who has one: the one that ends here was never had. */
static int goesOn(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    int ret = -1;

    if (qemuDomainObjBeginAsyncJob(driver, vm, QEMU_ASYNC_JOB_SAVE) < 0)
        ret = 0;
    ignore_value(qemuDomainObjEndAsyncJob(driver, vm)); /* want job-unbalanced */
    return ret;
}
