/* libvirt of November 2009 (f9c56cce7): the mail's protocol as it was committed, with a monitor pair for who holds the driver. */
#include "qemu-2009-11.h"
#include "job-2009-11.h"
#include "monitor-2009-11.h"
#include "monitor-driver-2009-11.h"
#include "stop-2009-11.h"
#include "answer.h"
