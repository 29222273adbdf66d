/* A worker of the driver, and the queue from which it takes its messages. */

struct message {
    struct guest *vm;
    struct message *next;
};

static struct {
    virMutex lock;
    virCond more;
    struct message *first __attribute__((guarded_by(lock)));
    struct message *last __attribute__((guarded_by(lock)));
} queue;

/* Puts a guest into the queue, and leaves it to the caller whether the message has a reference
 * to it. */
static void send(struct guest *vm)
{
    struct message *m = g_new0(struct message, 1);

    m->vm = vm;
    virMutexLock(&queue.lock);
    if (queue.last)
        queue.last->next = m;
    else
        queue.first = m;
    queue.last = m;
    virCondSignal(&queue.more);
    virMutexUnlock(&queue.lock);
}

/* Waits for a message, and gives the guest of the oldest one. */
static struct guest *receive(void)
{
    struct message *m;
    struct guest *vm;

    virMutexLock(&queue.lock);
    while (!queue.first)
        virCondWait(&queue.more, &queue.lock);
    m = queue.first;
    queue.first = m->next;
    if (!queue.first)
        queue.last = NULL;
    virMutexUnlock(&queue.lock);
    vm = m->vm;
    free(m);
    return vm;
}
