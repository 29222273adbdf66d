/* What libxl's driver does to a guest, which is Xen's and is named by a number. Whoever does has a
 * job. It is for the linter: no thread of a suite does. */

#ifdef LOCKPROOF_LINT

typedef struct libxl_ctx libxl_ctx;

/* The memory of a big guest takes long to be given back. */
__attribute__((blocks(domain))) int libxl_domain_destroy(libxl_ctx *ctx, unsigned int domid __attribute__((acts_on)), void *how)
{
    return nondet() ? 0 : -1;
}

int libxl_domain_pause(libxl_ctx *ctx, unsigned int domid __attribute__((acts_on)))
{
    return nondet() ? 0 : -1;
}

int libxl_domain_unpause(libxl_ctx *ctx, unsigned int domid __attribute__((acts_on)))
{
    return nondet() ? 0 : -1;
}

int libxl_set_memory_target(libxl_ctx *ctx, unsigned int domid __attribute__((acts_on)), long target, int relative,
                            int enforce)
{
    return nondet() ? 0 : -1;
}

int libxl_set_vcpuonline(libxl_ctx *ctx, unsigned int domid __attribute__((acts_on)), void *map)
{
    return nondet() ? 0 : -1;
}

#endif
