/* libvirt of August 2012 (31cb030ab, b57ee0921): domains, monitors and agents are counted objects; async jobs know their owner. */
#include "names.h"
#include "object-monitor-2012-08.h"
#include "object-agent-2012-08.h"
#include "object-job-2011-07.h"
#include "object-private-2011-08.h"
#include "object-domain-2012-08.h"
#include "driver.h"

/* The driver's name since November 2012. */
typedef struct qemud_driver virQEMUDriver;
typedef virQEMUDriver *virQEMUDriverPtr;

#include "locks.h"
#include "list-2009-11.h"
#include "commands.h"
#include "answer.h"
#include "job-2012-08.h"
#include "async-2011-07.h"
#include "monitor-2012-08.h"
#include "agent-2012-08.h"
#include "remote-2012-08.h"
#include "migration-2012-08.h"
#include "stop-2012-08.h"
#include "death-2012-08.h"
