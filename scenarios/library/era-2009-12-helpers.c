/* December 2009. */
#define STOP(vm) qemudShutdownVMDaemon(NULL, driver, vm)
#define END_OF_FILE(mon, vm) qemuHandleMonitorEOF(mon, vm, 0)
#include "era-2009-helpers.c"
#include "era-jobs-counted.c"
