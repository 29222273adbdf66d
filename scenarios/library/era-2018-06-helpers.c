/* 2018, when whoever goes through the list only looks. */
#define FROM_DOMAIN(dom) qemuDomObjFromDomain(dom)
#define FOR_EACH(doms, callback) virDomainObjListForEach(doms, callback, NULL)
#include "era-2018-helpers.c"
