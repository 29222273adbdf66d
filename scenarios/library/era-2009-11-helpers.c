/* November 2009, when who is refused a job has lost the driver. */
#define REFUSED_WITHOUT_THE_DRIVER
#define STOP(vm) qemudShutdownVMDaemon(NULL, driver, vm)
#define END_OF_FILE(mon, vm) qemuHandleMonitorEOF(mon, vm, 0)
#include "era-2009-helpers.c"
