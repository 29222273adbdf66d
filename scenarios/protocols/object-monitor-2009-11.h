/* The connection to one QEMU, which counts who uses it since November 2009 (79533da1b). The event loop reads it, so it has a lock of
 * its own, which protects the count until July 2012.
 *
 * Two references are not there: that of the event loop on the monitor, and that of the monitor on its domain. Both end when the
 * guest is stopped, a little later, and a domain whose guest runs is not removed. */
struct _qemuMonitor {
    virMutex lock __attribute__((class(monitor)));
    virCond notify __attribute__((guarded_by(lock)));
    int refs __attribute__((refcount, guarded_by(lock)));
    int unanswered __attribute__((guarded_by(lock)));
    int eof;
    virDomainObjPtr vm __attribute__((subject));
};
