/* Two mutexes with a documented order: left before right. */
pthread_mutex_t left;
pthread_mutex_t right;

/* neither mutex may be held */
void lockBoth(void)
{
    pthread_mutex_lock(&left);
    pthread_mutex_lock(&right);
}

void unlockBoth(void)
{
    pthread_mutex_unlock(&right);
    pthread_mutex_unlock(&left);
}
