/* The connection to one QEMU, which is an object since July 2012 (b57ee0921): it is counted without a lock. As before two references are not
 * there, that of the event loop on the monitor and that of the monitor on its domain. */
struct _qemuMonitor {
    virMutex lock __attribute__((class(monitor)));
    virCond notify __attribute__((guarded_by(lock)));
    int refs __attribute__((refcount));
    int unanswered __attribute__((guarded_by(lock)));
    int eof;
    virDomainObjPtr vm __attribute__((subject));
};
