/* 2014, when leaving the monitor drops a reference that a nested job no longer has. */
#define EXIT_DROPS_A_REFERENCE
#include "era-2014-helpers.c"
