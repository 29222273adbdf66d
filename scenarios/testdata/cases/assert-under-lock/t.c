static int x;
static pthread_mutex_t m;
void a(void) { pthread_mutex_lock(&m); x = 0; assert(x == 0); pthread_mutex_unlock(&m); }
void b(void) { pthread_mutex_lock(&m); x = 1; assert(x == 1); pthread_mutex_unlock(&m); }
