/* libvirt 9.0.0 of January 2023: jobs belong to the domain, for all drivers, and leaving the
 * monitor says nothing about the guest. */
#include "object-2013-01.h"
#include "object-rwlock-2017-07.h"
#include "connections-2013-01.h"
#include "objects-2023-01.h"
#include "domain-2023-01.h"
#include "list-2023-01.h"
#include "job-2023-01.h"
#include "monitor-2023-01.h"
#include "process-2023-01.h"
#include "migration-2023-01.h"
#include "runtime-2023-01.h"
#include "drivers-2023-01.h"
