// What a compiled program is made of. A thread is a coroutine: it stops in front of each access to
// what is shared, and somebody else says who goes on.
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A cell is a scalar in memory that the program may use. One that is shared and that some step
// assigns is a variable: to access it is a step.
struct cell {
	const volatile void *at; // of a bit-field: the struct in which it lies
	int bit;                 // of a bit-field: its number, from 1
	char variable, set;
};

struct mutex { int owner; }; // a thread from 1
struct cond { char none; };
struct rwlock { int readers, writer, reads[4]; };
struct sem { unsigned value; };
struct once { int state; };
struct barrier { unsigned count, inside; bool open, serial; };

struct twin {
	int threads;
	void (*thread[4])(void);
	void *memory; // all that is shared, and where it is kept as it begins
	size_t size;
	void *begins;
	struct cell *cells;
	int ncells;
	void (*observe)(long long *);
	int observed;
};

extern int self; // the thread that runs, from 0

void read_(const volatile void *at, int bit);
int peek(const volatile void *at, int bit);
void unset(const volatile void *at, int bit);
void there(const volatile void *at, int bit);
void write_(const volatile void *at, int bit);
void fails(const char *kind);
int where(const volatile void *p, const volatile void *const *places, int n);
int mark(void);
void forget(int *mark);
void local(const volatile void *at, int bit, int set);

int lock(struct mutex *), trylock(struct mutex *), unlock(struct mutex *);
struct mutex *hold(struct mutex *);
void release_(struct mutex **);
int wait_(struct cond *, struct mutex *), signal_(struct cond *), broadcast(struct cond *);
int rdlock(struct rwlock *), wrlock(struct rwlock *), tryrdlock(struct rwlock *), trywrlock(struct rwlock *);
int rwunlock(struct rwlock *);
// state is how many readers there are; -1: a writer.
int state(struct rwlock *);

int sem_init_(struct sem *, unsigned), sem_wait_(struct sem *), sem_trywait_(struct sem *), sem_post_(struct sem *);
int sem_getvalue_(struct sem *);
int once(struct once *, void (*)(void));
int barrier_init(struct barrier *, unsigned), barrier_wait(struct barrier *), barrier_destroy(struct barrier *);

#define SIGNED(T) ((T)-1 < (T)0)
#define UNDEFINED() fails("undefined")

// Operands are temporaries and constants: evaluating them twice does no harm.
#define LOAD(x) ({ read_(&(x), 0); +(x); })
#define LOADP(x) ({ read_(&(x), 0); (x); })
#define LOADB(s, i, x) ({ read_(&(s), i); +(x); })
#define STORE(x, v) ({ write_(&(x), 0); (x) = (v); })
#define STOREB(s, i, x, v) ({ write_(&(s), i); (x) = (v); })
#define CHECKED(f, a, b) ({ \
	__typeof__((a) + (b)) r_; \
	if (f((__typeof__(r_))(a), (__typeof__(r_))(b), &r_) && SIGNED(__typeof__(r_))) \
		UNDEFINED(); \
	r_; })
#define ADD(a, b) CHECKED(__builtin_add_overflow, a, b)
#define SUB(a, b) CHECKED(__builtin_sub_overflow, a, b)
#define MUL(a, b) CHECKED(__builtin_mul_overflow, a, b)
#define NEG(a) CHECKED(__builtin_sub_overflow, (__typeof__(+(a)))0, a)
#define QUOTIENT(a, op, b) ({ \
	__typeof__((a) + (b)) x_ = (a), y_ = (b), r_; \
	if (y_ == 0 || SIGNED(__typeof__(r_)) && y_ + 1 == 0 && __builtin_sub_overflow((__typeof__(r_))0, x_, &r_)) \
		UNDEFINED(); \
	x_ op y_; })
#define DIV(a, b) QUOTIENT(a, /, b)
#define MOD(a, b) QUOTIENT(a, %, b)
#define WIDE(a, b) if ((long long)(b) < 0 || (long long)(b) >= (long long)sizeof(+(a)) * 8) UNDEFINED()
#define SHL(a, b) ({ WIDE(a, b); (__typeof__(+(a)))((unsigned long long)(a) << (b)); })
#define SHR(a, b) ({ WIDE(a, b); (a) >> (b); })

// Pointers are moved as in C, but NULL is not.
#define SHIFT(p, op, n) ({ if (!(p) && (n) != 0) fails("null-vm"); (p) op (n); })

// APART is for memcpy, whose objects may not overlap.
#define APART(to, from, size) do { \
	long d_ = (char *)(to) - (char *)(from); \
	if ((to) && d_ < (long)(size) && -d_ < (long)(size)) \
		UNDEFINED(); \
} while (0)
