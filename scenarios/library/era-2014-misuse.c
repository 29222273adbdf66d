#include "era-2013-misuse.c"

/* libxl's jobs. */
void end_without_libxls_job(virDomainObjPtr vm)
{
    virObjectLock(vm);
    libxlDomainObjEndJob(NULL, vm);
}
