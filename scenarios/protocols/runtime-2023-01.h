/* What the driver knows of a guest while it runs: what its QEMU can do. NULL before and afterwards.
 * It is for the linter: no thread of a suite asks. */

#ifdef LOCKPROOF_LINT

/* NULL can nothing, so the wrong thing is said of a guest that has ended. */
bool virQEMUCapsGet(virQEMUCaps *qemuCaps, int flag)
{
    access(qemuCaps);
    return nondet();
}

#endif
