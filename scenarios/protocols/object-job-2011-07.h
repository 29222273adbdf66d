/* The two slots for jobs that a domain has since July 2011.
 *
 * Who has the sync job is who set active. The async job goes on beside the sync jobs that its mask lets in, and may be handed from one
 * API call to the next: asyncJob says which one there is, asyncOwner who works on it, 0 between two calls. libvirt has written down the
 * owner since April 2012 (08ec1d787); until then the field is here for the rules alone. */

enum qemuDomainJob {
    QEMU_JOB_NONE = 0,
    QEMU_JOB_QUERY,
    QEMU_JOB_DESTROY,
    QEMU_JOB_SUSPEND,
    QEMU_JOB_MODIFY,
    QEMU_JOB_ABORT,
    QEMU_JOB_MIGRATION_OP,
    QEMU_JOB_ASYNC,        /* how BeginAsyncJob asks for the other slot */
    QEMU_JOB_ASYNC_NESTED, /* the sync job of the thread that has the async job */
};

enum qemuDomainAsyncJob {
    QEMU_ASYNC_JOB_NONE = 0,
    QEMU_ASYNC_JOB_MIGRATION_OUT,
    QEMU_ASYNC_JOB_MIGRATION_IN,
    QEMU_ASYNC_JOB_SAVE,
    QEMU_ASYNC_JOB_DUMP,
};

#define JOB_MASK(job) (1 << ((job) - 1))
#define DEFAULT_JOB_MASK (JOB_MASK(QEMU_JOB_QUERY) | JOB_MASK(QEMU_JOB_DESTROY) | JOB_MASK(QEMU_JOB_ABORT))

struct qemuDomainJobObj {
    virCond cond __attribute__((guarded_by(virDomainObj.lock)));
    enum qemuDomainJob active __attribute__((owner, guarded_by(virDomainObj.lock), class(job)));

    virCond asyncCond __attribute__((guarded_by(virDomainObj.lock)));
    enum qemuDomainAsyncJob asyncJob __attribute__((guarded_by(virDomainObj.lock)));
    int asyncOwner __attribute__((owner, guarded_by(virDomainObj.lock), class(async_job)));
    unsigned long long mask __attribute__((init(DEFAULT_JOB_MASK), guarded_by(virDomainObj.lock)));
};
