/* libvirt-2013-02 without jobs: some error paths of the functions that the row names leak theirs, which is another row. */
#define qemuDomainObjBeginJob beginJobOfTheEra
#define qemuDomainObjEndJob endJobOfTheEra
#include <lockproof/libvirt-2013-02.c>
#undef qemuDomainObjBeginJob
#undef qemuDomainObjEndJob

int qemuDomainObjBeginJob(virQEMUDriverPtr driver, virDomainObjPtr vm, qemuDomainJob job)
{
    check(missing_lock, held(&vm->parent.lock));
    return 0;
}

bool qemuDomainObjEndJob(virQEMUDriverPtr driver, virDomainObjPtr vm)
{
    check(missing_lock, held(&vm->parent.lock));
    return true;
}
