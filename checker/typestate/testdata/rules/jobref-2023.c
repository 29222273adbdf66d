/* contract: jobs.c */

/* Who begins a job takes no reference with it, so none is dropped with it. */
static void virEndsNested(virDomainObj *vm)
{
    virDomainObjIsActive(vm);
    if (vm->job->active == VIR_JOB_ASYNC_NESTED) {
        vm->job->active = VIR_JOB_NONE;
        virObjectUnref(vm); /* warn refcount */
    }
}

static void virClears(virDomainJobObj *job)
{
    job->active = VIR_JOB_NONE;
}

static void virEndsNestedByHelper(virDomainObj *vm)
{
    virDomainObjIsActive(vm);
    if (vm->job->active == VIR_JOB_ASYNC_NESTED) {
        virClears(vm->job);
        virObjectUnref(vm); /* warn refcount */
    }
}

static void virEndsNestedAlone(virDomainObj *vm)
{
    virDomainObjIsActive(vm);
    if (vm->job->active == VIR_JOB_ASYNC_NESTED)
        virClears(vm->job);
}

/* Who ends the use of it as well has one of his callers to drop. */
static void virEndsAll(virDomainObj *vm)
{
    virDomainObjEndJob(vm);
    virObjectUnlock(vm);
    virObjectUnref(vm);
}

/* What this driver does with references nobody knows. */
static void xenEndsNested(virDomainObj *vm)
{
    virDomainObjIsActive(vm);
    if (vm->job->active == VIR_JOB_ASYNC_NESTED) {
        vm->job->active = VIR_JOB_NONE;
        virObjectUnref(vm);
    }
}
