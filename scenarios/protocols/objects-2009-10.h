/* The objects from the mail of October 2009 to June 2010.
 *
 * Attributes give fields their role: the reference count, the owner field of a resource (a job), the lock that
 * guards a field, the object to which a pointer leads from the start. */
#include "object-monitor-2009-10.h"
#include "object-private-2009-10.h"
#include "object-domain-2009-10.h"
