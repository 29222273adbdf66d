static pthread_mutex_t m;
static pthread_cond_t c;
void timed(void)
{
    pthread_mutex_lock(&m);
    int rc = pthread_cond_timedwait(&c, &m, NULL);
    assert(rc == ETIMEDOUT);
    pthread_mutex_unlock(&m);
}
void vir(void)
{
    virMutexLock(&m);
    int rc = virCondWaitUntil(&c, &m, 30);
    assert(rc == -1);
    virMutexUnlock(&m);
}
void c11(void)
{
    mtx_lock(&m);
    int rc = cnd_timedwait(&c, &m, NULL);
    assert(rc == thrd_timedout);
    mtx_unlock(&m);
}
void forever(void)
{
    pthread_mutex_lock(&m);
    pthread_cond_wait(&c, &m);
    pthread_mutex_unlock(&m);
}
