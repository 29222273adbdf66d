// The scheduler of compiled programs. It reads which program is run, which of its cells are
// variables, and who steps when, and writes what can be observed after each step.
#include "twin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum { STACK = 1 << 20, LOCALS = 512, THREADS = 4 };
enum pending { GOES, LOCKS, SLEEPS, REACQUIRES, READS, WRITES, TAKES, ONCE, COMES, LEAVES, ENDED };

static struct thread {
	ucontext_t context;
	enum pending pending;
	void *object, *slept; // what it waits for
	int choice, result;
	const char *failed;
	int holds, shares; // mutexes, reader-writer locks
	struct cell locals[LOCALS];
	int nlocals;
} threads[THREADS];

int self;
static struct twin *now;
static ucontext_t scheduler;
static const char *failed;

extern struct twin *twins[];

static void stop(void) { swapcontext(&threads[self].context, &scheduler); }

static void step(enum pending p, void *object) {
	threads[self].pending = p;
	threads[self].object = object;
	stop();
}

// ends says that the step at hand failed. Nobody goes on.
static void ends(const char *kind) {
	failed = kind;
	stop();
}

void fails(const char *kind) {
	step(GOES, NULL);
	ends(kind);
}

static struct cell *find(struct cell *cells, int n, const volatile void *at, int bit) {
	for (int i = n - 1; i >= 0; i--)
		if (cells[i].at == at && cells[i].bit == bit)
			return &cells[i];
	return NULL;
}

static struct cell *exists(const volatile void *at, int bit) {
	struct cell *c = find(threads[self].locals, threads[self].nlocals, at, bit);
	if (!c)
		c = find(now->cells, now->ncells, at, bit);
	if (!c)
		fails((uintptr_t)at + 65536 < 131072 ? "null-vm" : "out-of-bounds");
	return c;
}

static struct cell *cell(const volatile void *at, int bit) {
	struct cell *c = exists(at, bit);
	if (c->variable)
		step(GOES, NULL);
	return c;
}

void there(const volatile void *at, int bit) { exists(at, bit); }

void read_(const volatile void *at, int bit) {
	if (!cell(at, bit)->set)
		fails("undefined");
}

void write_(const volatile void *at, int bit) { cell(at, bit)->set = 1; }

int where(const volatile void *p, const volatile void *const *places, int n) {
	if (!p)
		return -1;
	for (int i = 0; i < n; i++)
		if (places[i] == p)
			return i;
	return -2;
}

int mark(void) { return threads[self].nlocals; }
void forget(int *mark) { threads[self].nlocals = *mark; }

void local(const volatile void *at, int bit, int set) {
	struct thread *t = &threads[self];
	if (t->nlocals == LOCALS)
		abort();
	t->locals[t->nlocals++] = (struct cell){ at, bit, 0, set };
}

// peek reads what may never have been set, and says whether it was. unset undoes that.
int peek(const volatile void *at, int bit) { return cell(at, bit)->set; }

void unset(const volatile void *at, int bit) {
	struct cell *c = find(threads[self].locals, threads[self].nlocals, at, bit);
	if (!c)
		c = find(now->cells, now->ncells, at, bit);
	c->set = 0;
}

// Locks.

int lock(struct mutex *m) {
	step(LOCKS, m);
	if (m->owner == self + 1)
		ends("self-deadlock");
	m->owner = self + 1;
	threads[self].holds++;
	return 0;
}

int trylock(struct mutex *m) {
	step(GOES, m);
	if (m->owner)
		return EBUSY;
	m->owner = self + 1;
	threads[self].holds++;
	return 0;
}

static void release(struct mutex *m) {
	if (m->owner != self + 1)
		ends("bad-unlock");
	m->owner = 0;
	threads[self].holds--;
}

int unlock(struct mutex *m) {
	step(GOES, m);
	release(m);
	return 0;
}

struct mutex *hold(struct mutex *m) {
	lock(m);
	return m;
}

void release_(struct mutex **m) { unlock(*m); }

int wait_(struct cond *c, struct mutex *m) {
	struct thread *t = &threads[self];
	step(GOES, c);
	if (m->owner != self + 1)
		ends("missing-lock");
	release(m);
	t->result = 0;
	t->slept = m;
	step(SLEEPS, c);
	m->owner = self + 1;
	t->holds++;
	return t->result;
}

static void wakes(struct thread *t) {
	t->pending = REACQUIRES;
	t->object = t->slept;
}

int signal_(struct cond *c) {
	step(GOES, c);
	int who = threads[self].choice, asleep = 0;
	for (int i = 0; i < now->threads; i++)
		asleep += threads[i].pending == SLEEPS && threads[i].object == c;
	if (who < 0 ? asleep > 0 : threads[who].pending != SLEEPS || threads[who].object != c)
		ends("another waiter");
	if (who >= 0)
		wakes(&threads[who]);
	return 0;
}

int broadcast(struct cond *c) {
	step(GOES, c);
	for (int i = 0; i < now->threads; i++)
		if (threads[i].pending == SLEEPS && threads[i].object == c)
			wakes(&threads[i]);
	return 0;
}

// A reader-writer lock knows for each thread how often it reads.

static int reads(struct rwlock *l) { return l->reads[self]; }

static void reader(struct rwlock *l, int by) {
	l->readers += by;
	l->reads[self] += by;
	threads[self].shares += by;
}

int state(struct rwlock *l) { return l->writer ? -1 : l->readers; }

int rdlock(struct rwlock *l) {
	step(READS, l);
	if (l->writer)
		ends("self-deadlock");
	reader(l, 1);
	return 0;
}

int tryrdlock(struct rwlock *l) {
	step(GOES, l);
	if (l->writer)
		return EBUSY;
	reader(l, 1);
	return 0;
}

int wrlock(struct rwlock *l) {
	step(WRITES, l);
	if (l->writer || l->readers)
		ends("self-deadlock");
	l->writer = self + 1;
	threads[self].shares++;
	return 0;
}

int trywrlock(struct rwlock *l) {
	step(GOES, l);
	if (l->writer || l->readers)
		return EBUSY;
	l->writer = self + 1;
	threads[self].shares++;
	return 0;
}

int rwunlock(struct rwlock *l) {
	step(GOES, l);
	if (l->writer == self + 1) {
		l->writer = 0;
		threads[self].shares--;
	} else if (reads(l))
		reader(l, -1);
	else
		ends("bad-unlock");
	return 0;
}

// Semaphores, what is done once, barriers.

int sem_init_(struct sem *s, unsigned n) { step(GOES, s); s->value = n; return 0; }
int sem_post_(struct sem *s) { step(GOES, s); s->value++; return 0; }
int sem_getvalue_(struct sem *s) { step(GOES, s); return s->value; }
int sem_wait_(struct sem *s) { step(TAKES, s); s->value--; return 0; }

int sem_trywait_(struct sem *s) {
	step(GOES, s);
	if (!s->value)
		return -1;
	s->value--;
	return 0;
}

int once(struct once *o, void (*f)(void)) {
	step(ONCE, o);
	if (o->state == 2)
		return 0;
	o->state = 1;
	f();
	step(GOES, o);
	o->state = 2;
	return 0;
}

static int leaves(struct barrier *b) {
	int told = threads[self].choice;
	if (told && !b->serial || !told && b->serial && b->inside == 1)
		ends("another serial thread");
	if (told)
		b->serial = false;
	b->open = true;
	if (--b->inside == 0)
		b->open = b->serial = false;
	return told ? -1 : 0;
}

int barrier_wait(struct barrier *b) {
	step(COMES, b);
	if (!b->count)
		fails("undefined");
	if (++b->inside == b->count) {
		b->serial = true;
		return leaves(b);
	}
	step(LEAVES, b);
	return leaves(b);
}

int barrier_init(struct barrier *b, unsigned n) {
	step(GOES, b);
	if (b->inside)
		fails("undefined");
	*b = (struct barrier){ .count = n };
	return 0;
}

int barrier_destroy(struct barrier *b) {
	step(COMES, b);
	if (!b->count || b->inside)
		fails("undefined");
	b->count = 0;
	return 0;
}

// The scheduler.

static int enabled(struct thread *t, int id) {
	void *o = t->object;
	switch (t->pending) {
	case LOCKS: return !((struct mutex *)o)->owner || ((struct mutex *)o)->owner == id + 1;
	case REACQUIRES: return !((struct mutex *)o)->owner;
	case READS: return !((struct rwlock *)o)->writer || ((struct rwlock *)o)->writer == id + 1;
	case WRITES: {
		struct rwlock *l = o;
		return l->writer ? l->writer == id + 1 : !l->readers || (l->reads[id]);
	}
	case TAKES: return ((struct sem *)o)->value > 0;
	case ONCE: return ((struct once *)o)->state != 1;
	case COMES: return !((struct barrier *)o)->open;
	case LEAVES: return ((struct barrier *)o)->open;
	case SLEEPS: case ENDED: return 0;
	default: return 1;
	}
}

static void run(int id) {
	now->thread[id]();
	struct thread *t = &threads[self];
	if (t->shares)
		fails("lock-leak");
	t->pending = ENDED;
	t->object = NULL;
	if (t->holds)
		ends("lock-leak");
	for (;;)
		stop();
}

static char *stacks[THREADS];

static void go(int id) {
	self = id;
	swapcontext(&scheduler, &threads[id].context);
}

static void show(void) {
	static long long values[256];
	if (failed) {
		printf("failed %s\n", failed);
		return;
	}
	for (int i = 0; i < now->threads; i++) {
		struct thread *t = &threads[i];
		putchar(t->pending == ENDED ? 'f' : t->pending == SLEEPS ? 's' : enabled(t, i) ? 'r' : 'b');
	}
	now->observe(values);
	for (int i = 0; i < now->observed; i++)
		printf(" %lld", now->cells[i].set ? values[i] : -0x55555556LL); // as in the model: never set
	putchar('\n');
}

static void begin(void) {
	if (!now->begins) {
		now->begins = malloc(now->size);
		memcpy(now->begins, now->memory, now->size);
	}
	memcpy(now->memory, now->begins, now->size);
	failed = NULL;
	for (int i = 0; i < now->ncells; i++)
		now->cells[i].set = 1;
	for (int i = 0; i < now->threads; i++) {
		struct thread *t = &threads[i];
		if (!stacks[i])
			stacks[i] = malloc(STACK);
		t->nlocals = t->holds = t->shares = 0;
		t->choice = t->result = 0;
		getcontext(&t->context);
		t->context.uc_stack.ss_sp = stacks[i];
		t->context.uc_stack.ss_size = STACK;
		t->context.uc_link = &scheduler;
		makecontext(&t->context, (void (*)(void))run, 1, i);
	}
	for (int i = 0; i < now->threads && !failed; i++)
		go(i);
}

static int number(void) {
	int n;
	if (scanf("%d", &n) != 1)
		exit(0);
	return n;
}

// A run is: the program, which of its cells are variables, and how many steps; of each the thread,
// and what it is to choose.
int main(void) {
	static char buffer[1 << 16];
	setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	for (;;) {
		int id = number();
		now = twins[id];
		for (int i = 0; i < now->ncells; i++)
			now->cells[i].variable = number();
		printf("run %d\n", id);
		begin();
		show();
		for (int n = number(); n > 0; n--) {
			int who = number(), choice = number();
			struct thread *t = &threads[who];
			if (failed)
				continue;
			t->choice = choice;
			if (t->pending == SLEEPS && choice > 0) {
				t->result = choice == 1 ? ETIMEDOUT : 0;
				wakes(t);
			} else if (enabled(t, who)) {
				go(who);
			} else {
				failed = "cannot step";
			}
			show();
		}
		fflush(stdout);
	}
}
