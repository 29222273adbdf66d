/* libvirt of autumn 2011, where qemu.conf lets two have a job of a domain or wait for it. */
#define MAX_QUEUED 2
#include <lockproof/libvirt-2011-08.c>
