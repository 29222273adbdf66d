/* contract: jobs.c */

/* Who holds a lock and calls something that calls back, by a pointer or with the end of an object,
 * must not meet the lock again. */

typedef struct connection connection;
typedef void (*connectionCallback)(connection *c, virDomainObj *vm);

struct callbacks {
    connectionCallback gone;
    connectionCallback quiet;
    connectionCallback end;
};

struct connection {
    virObject parent;
    virMutex lock;
    virDomainObj *vm;
    struct callbacks *cb;
    connectionCallback watcher;
    bool closing;
};

struct registry {
    virMutex lock;
    struct table *rows;
    bool running;
};

static struct registry *registry;

/* With a name for each field, in the order of the fields, by a setter, by hand to a callee. */
static void ends(connection *c, virDomainObj *vm)
{
    virObjectLock(vm); /* warn self-deadlock */
    virObjectUnlock(vm);
}

static void asksNothing(connection *c, virDomainObj *vm)
{
    virObjectUnref(vm);
}

static void gone(connection *c, virDomainObj *vm)
{
    virObjectLock(vm); /* warn self-deadlock */
    virObjectUnlock(vm);
}

static struct callbacks named = {
    .end = ends,
    .quiet = asksNothing,
};

static struct callbacks inOrder = { gone, asksNothing, ends };

static void connectionDispose(void *opaque)
{
    connection *c = opaque;

    if (c->cb->end)
        (c->cb->end)(c, c->vm);
}

static void connectionClose(connection *c)
{
    virObjectUnref(c);
}

static void closesLocked(virDomainObj *vm, connection *c)
{
    virObjectLock(vm);
    connectionClose(c);
    virObjectUnlock(vm);
}

static void closesUnlocked(virDomainObj *vm, connection *c)
{
    virObjectLock(vm);
    c->closing = true;
    virObjectUnlock(vm);
    connectionClose(c);
}

/* Through a variable. */
static void tells(connection *c)
{
    connectionCallback cb = c->cb->gone;

    cb(c, c->vm);
}

static void tellsLocked(virDomainObj *vm, connection *c)
{
    virObjectLock(vm);
    tells(c);
    virObjectUnlock(vm);
}

static void tellsQuiet(virDomainObj *vm, connection *c)
{
    virObjectLock(vm);
    c->cb->quiet(c, vm);
    virObjectUnlock(vm);
}

/* A callee that unlocks what its caller holds. */
static void tellsUnlocking(virDomainObj *vm, connection *c)
{
    virObjectUnlock(vm);
    c->watcher(c, vm);
    virObjectLock(vm);
}

static void watches(connection *c, virDomainObj *vm)
{
    virObjectLock(vm);
    virObjectUnlock(vm);
}

static void setWatcher(connection *c, connectionCallback cb)
{
    c->watcher = cb;
}

static void registers(connection *c)
{
    setWatcher(c, watches);
}

static void unlocksFirst(virDomainObj *vm, connection *c)
{
    virObjectLock(vm);
    tellsUnlocking(vm, c);
    virObjectUnlock(vm);
}

/* For each of a table, with its lock. */
static void forEach(struct table *rows, void (*each)(void *row, void *opaque), void *opaque)
{
    each(rows, opaque);
}

static void removesRow(void *row, void *opaque)
{
    virMutexLock(&registry->lock); /* warn self-deadlock */
    virMutexUnlock(&registry->lock);
}

static void removesUnlessRunning(void *row, void *opaque)
{
    if (registry->running)
        return;
    virMutexLock(&registry->lock);
    virMutexUnlock(&registry->lock);
}

static void counts(void *row, void *opaque)
{
    int *n = opaque;

    (*n)++;
}

static void all(struct registry *r, int *n)
{
    virMutexLock(&r->lock);
    forEach(r->rows, removesRow, NULL);
    forEach(r->rows, counts, n);
    virMutexUnlock(&r->lock);
}

/* A flag keeps the callback from it. */
static void allGuarded(struct registry *r)
{
    virMutexLock(&r->lock);
    r->running = true;
    forEach(r->rows, removesUnlessRunning, NULL);
    r->running = false;
    virMutexUnlock(&r->lock);
}

/* Nobody is called who was taken out before. */
static void hushes(virDomainObj *vm, connection *c)
{
    virObjectLock(vm);
    c->watcher = NULL;
    c->watcher(c, vm);
    virObjectUnlock(vm);
}

/* A reference that was taken here is not the last one. */
struct kept {
    virObject parent;
    virDomainObj *vm;
    void (*end)(struct kept *k, virDomainObj *vm);
};

static void endsKept(struct kept *k, virDomainObj *vm)
{
    virObjectLock(vm);
    virObjectUnlock(vm);
}

static struct kept first = { .end = endsKept };

static void keptDispose(void *opaque)
{
    struct kept *k = opaque;

    k->end(k, k->vm);
}

static void keeps(virDomainObj *vm, struct kept *k)
{
    virObjectLock(vm);
    virObjectRef(k);
    virObjectUnref(k);
    virObjectUnlock(vm);
}

/* Two calls by pointer, one after the other. */
struct relay {
    void (*first)(struct relay *r, virDomainObj *vm);
    void (*second)(struct relay *r, virDomainObj *vm);
    void (*third)(struct relay *r, virDomainObj *vm);
    void (*fourth)(struct relay *r, virDomainObj *vm);
    virMutex lock;
};

static struct relay *relay;

static void passesOn(struct relay *r, virDomainObj *vm)
{
    virObjectRef(vm);
    virObjectUnref(vm);
    r->second(r, vm); /* warn self-deadlock */
}

static void locksRelay(struct relay *r, virDomainObj *vm)
{
    virMutexLock(&relay->lock);
    virMutexUnlock(&relay->lock);
}

static void unlocksAndPassesOn(struct relay *r, virDomainObj *vm)
{
    virObjectUnlock(vm);
    r->fourth(r, vm);
    virObjectLock(vm);
}

static void locksDomain(struct relay *r, virDomainObj *vm)
{
    virObjectLock(vm);
    virObjectUnlock(vm);
}

static struct relay relays = { .first = passesOn, .second = locksRelay };
static struct relay unlocked = { .third = unlocksAndPassesOn };
static struct relay domains = { .fourth = locksDomain };

static void startsRelay(struct relay *r, virDomainObj *vm)
{
    virMutexLock(&r->lock);
    r->first(r, vm);
    virMutexUnlock(&r->lock);
}

static void startsThird(struct relay *r, virDomainObj *vm)
{
    virObjectLock(vm);
    r->third(r, vm);
    virObjectUnlock(vm);
}

struct chain {
    void (*first)(struct chain *r);
    void (*second)(struct chain *r);
    virMutex lock;
};

static struct chain *chain;

static void chainOn(struct chain *r)
{
    virObjectRef(r);
    virObjectUnref(r);
    r->second(r);
}

static void locksChain(struct chain *r)
{
    virMutexLock(&chain->lock);
    virMutexUnlock(&chain->lock);
}

static struct chain chains = { chainOn, locksChain };

static void startsCut(struct chain *r)
{
    virMutexLock(&r->lock);
    r->second = NULL;
    r->first(r);
    virMutexUnlock(&r->lock);
}

static void cuts(struct chain *r)
{
    virObjectRef(r);
    virObjectUnref(r);
    r->second = NULL;
    r->first(r);
}

static void startsCutBelow(struct chain *r)
{
    virMutexLock(&r->lock);
    cuts(r);
    virMutexUnlock(&r->lock);
}

/* What a callee gives back may be the same. */
static void closesHere(struct kept *k)
{
    virDomainObj *vm = k->vm;

    virObjectUnlock(vm);
    virObjectUnref(k);
    virObjectLock(vm);
}

static void closesOpen(virDomainObj *vm, struct kept *k)
{
    virObjectLock(vm);
    closesHere(k);
    virObjectUnlock(vm);
}

/* The flag is set by who is called back, for what he calls. */
struct queue {
    virMutex lock;
    bool draining;
    void (*drain)(struct queue *q);
};

static struct queue *queue;

static void takesUnlessDraining(struct queue *q)
{
    if (q->draining)
        return;
    virMutexLock(&queue->lock);
    virMutexUnlock(&queue->lock);
}

static void drains(struct queue *q)
{
    q->draining = true;
    takesUnlessDraining(q);
    q->draining = false;
}

static struct queue queues = { .drain = drains };

static void drainsAll(struct queue *q)
{
    virMutexLock(&q->lock);
    q->drain(q);
    virMutexUnlock(&q->lock);
}
