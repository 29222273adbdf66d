/* The connection to one QEMU. An I/O thread reads it, so it has a lock of its own. */
struct _qemuMonitor {
    virMutex lock __attribute__((class(monitor)));
    virCond notify __attribute__((guarded_by(lock)));
    int unanswered __attribute__((guarded_by(lock)));
    int eof;
};
