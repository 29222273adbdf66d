#include <threads.h>
static mtx_t m;
static int busy;
void f(void)
{
    switch (mtx_trylock(&m)) {
    case thrd_success: mtx_unlock(&m); break;
    case thrd_busy: assert(0); break;
    }
}
void g(void)
{
    int rc = mtx_trylock(&m);
    assert(rc == thrd_success || rc == thrd_busy);
    if (rc == thrd_success)
        mtx_unlock(&m);
}
