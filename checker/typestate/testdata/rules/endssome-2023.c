/* contract: jobs.c */

/* Of a guest that has ended the job stays. */
static void terminate(virDomainObj *vm)
{
    cleanUp(vm);
    if (!virDomainObjIsActive(vm))
        return; /* want job-leak */
    notify(vm);
    virDomainObjEndAsyncJob(vm);
}

/* It looks whether there is one. */
static void terminateIfThere(virDomainObj *vm)
{
    cleanUp(vm);
    if (virDomainObjIsActive(vm))
        notify(vm);
    if (vm->job->asyncJob == VIR_ASYNC_JOB_SAVE)
        virDomainObjEndAsyncJob(vm);
}

/* Callers say whether it is to be ended. */
static void terminateIfAsked(virDomainObj *vm, bool end)
{
    if (end)
        virDomainObjEndAsyncJob(vm);
}
