/* What libvirt itself had from November 2009 to April 2011: as qemu.h, which is the mail's, with the list of domains as libvirt has it. */
#include "names.h"
#include "objects-2009-10.h"
#include "driver.h"
#include "locks.h"
#include "list-2009-11.h"
#include "commands.h"
#include "death-2009-10.h"
