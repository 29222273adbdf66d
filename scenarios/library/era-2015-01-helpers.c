/* 2015, when leaving the monitor began to tell. */
#include "era-2014-helpers.c"
#include "era-exit-tells.c"
