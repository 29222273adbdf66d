/* What the driver knows of a guest while it runs: what its QEMU can do, NULL before and afterwards;
 * and what of it runs in child processes. It is for the linter: no thread of a suite asks. */

#ifdef LOCKPROOF_LINT

/* NULL can nothing, so the wrong thing is said of a guest that has ended. */
bool virQEMUCapsGet(virQEMUCapsPtr qemuCaps, int flag)
{
    access(qemuCaps);
    return nondet();
}

/* These call what they are given in a child that they fork. */
typedef struct _virCommand virCommand;
typedef virCommand *virCommandPtr;
typedef int (*virExecHook)(void *data);
typedef int (*virProcessNamespaceCallback)(int pid, void *opaque);
typedef int (*virProcessForkCallback)(int ppid, void *opaque);
void virCommandSetPreExecHook(virCommandPtr cmd, virExecHook hook __attribute__((in_child)), void *opaque);
int virProcessRunInMountNamespace(int pid, virProcessNamespaceCallback cb __attribute__((in_child)), void *opaque);
int virProcessRunInFork(virProcessForkCallback cb __attribute__((in_child)), void *opaque);

#endif
