/* The objects of libvirt's QEMU driver at the end of 2009, and what the first versions of the protocol share. */
#include "names.h"
#include "objects-2009-10.h"
#include "driver.h"
#include "locks.h"
#include "list-2009-10.h"
#include "commands.h"
#include "death-2009-10.h"
