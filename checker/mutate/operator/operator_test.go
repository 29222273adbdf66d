package operator_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/checker/mutate/operator"
	"github.com/lockproof/lockproof/csource/syntax"
)

// world is what the helpers below are written with.
const world = `enum job { NONE, QUERY, MODIFY };
struct driver { virMutex lock; };
struct domain { virMutex lock; virCond cond; int refs; int job __attribute__((owner)); unsigned mask; struct driver *driver; };
struct driver *driver;
void driverLock(struct driver *d) { virMutexLock(&d->lock); }
void driverUnlock(struct driver *d) { virMutexUnlock(&d->lock); }
void domainLock(struct domain *d) { virMutexLock(&d->lock); }
void domainUnlock(struct domain *d) { virMutexUnlock(&d->lock); }
#define WAIT(d) virCondWait(&(d)->cond, &(d)->lock)
#define TAKE(d) (d)->job = 1
`

// found lists the mutants of the function f.
func found(t *testing.T, c, operators string) (all []operator.Mutant, text string) {
	t.Helper()
	src := syntax.Source{Name: "f.c", Text: []byte(world + c)}
	f, ds := syntax.Parse(src, syntax.Options{})
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	ms := operator.Find([]*syntax.File{f}, []syntax.Source{src}, func(name string) bool { return name == "f" },
		func(name string) bool { return name == operators })
	first := strings.Count(world, "\n")
	var b strings.Builder
	for _, m := range ms {
		var helper, op string
		var line int
		if _, err := fmt.Sscanf(strings.ReplaceAll(m.ID, ":", " "), "%s %d %s", &helper, &line, &op); err != nil {
			t.Error(err)
		}
		fmt.Fprintf(&b, "%s:%d:%s\n", helper, line-first, op)
		for _, l := range m.Lines {
			fmt.Fprintf(&b, "  %d - %s\n", l.Number-first, l.Before)
			if l.After != "" {
				fmt.Fprintf(&b, "  %d + %s\n", l.Number-first, l.After)
			}
		}
		if x, y := bytes.Count(m.Text, []byte("\n")), bytes.Count(src.Text, []byte("\n")); x != y {
			t.Errorf("%s: %d lines, the original has %d", m.ID, x, y)
		}
		if m.Last.Before(m.First) || m.Pos.File != "f.c" {
			t.Errorf("%s is at %s, and what must be reached lies between %s and %s", m.ID, m.Pos, m.First, m.Last)
		}
	}
	return ms, b.String()
}

// Each operator makes exactly these mistakes.
func TestOperators(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []struct{ operator, src, want string }{
		{"drop-call", `int f(struct domain *d)
{
    requires(held(&d->lock));
    domainLock(d); domainUnlock(d);
    if (WAIT(d) < 0 || virCondWait(&d->cond, &d->lock) < 0)
        VIR_DEBUG("%d", d->job);
    virDomainObjRef(d);
    return 0;
}`, `f:4:drop-call
  4 - domainLock(d); domainUnlock(d);
  4 + ; domainUnlock(d);
f:4:drop-call.2
  4 - domainLock(d); domainUnlock(d);
  4 + domainLock(d); ;
f:5:drop-call
  5 - if (WAIT(d) < 0 || virCondWait(&d->cond, &d->lock) < 0)
  5 + if (WAIT(d) < 0 || 0 < 0)
`},
		{"drop-ref", `void f(struct domain *d)
{
    virDomainObjRef(d);
    if (virDomainObjRef(
            d) > 1)
        d->job = virDomainObjUnref(d);
}`, `f:3:drop-ref
  3 - virDomainObjRef(d);
  3 + ;
f:4:drop-ref
  4 - if (virDomainObjRef(
  4 + if (1
  5 - d) > 1)
  5 + > 1)
`},
		{"drop-unref", `int f(struct domain *d)
{
    virDomainObjUnref(d);
    return virDomainObjUnref(d);
}`, `f:3:drop-unref
  3 - virDomainObjUnref(d);
  3 + ;
f:4:drop-unref
  4 - return virDomainObjUnref(d);
  4 + return 1;
`},
		{"drop-assignment", `void f(struct domain *d)
{
    int n = 0;
    n = 2; n++;
    if (n) --d->job; else n == 1;
    TAKE(d);
}`, `f:4:drop-assignment
  4 - n = 2; n++;
  4 + ; n++;
f:4:drop-assignment.2
  4 - n = 2; n++;
  4 + n = 2; ;
f:5:drop-assignment
  5 - if (n) --d->job; else n == 1;
  5 + if (n) ; else n == 1;
f:6:drop-assignment
  6 - TAKE(d);
  6 + ;
`},
		{"drop-return", `int f(struct domain *d)
{
    while (d->job) {
        if (d->mask)
            break;
        if (d->refs)
            goto out;
        continue;
    }
    if (d->job) {
        d->job = 1;
        return -1;
    }
out:
    return 0;
}`, `f:5:drop-return
  5 - break;
  5 + ;
f:7:drop-return
  7 - goto out;
  7 + ;
f:8:drop-return
  8 - continue;
  8 + ;
f:12:drop-return
  12 - return -1;
  12 + ;
`},
		{"lose-branch", `int f(struct domain *d)
{
    if (virCondWait(&d->cond, &d->lock) < 0) {
        domainUnlock(d);
        return -1;
    } else if (d->job)
        return 1;
    else {
        d->job = 1;
    }
    if (d->refs) { } else { requires(held(&d->lock)); }
    return 0;
}`, `f:3:lose-branch
  3 - if (virCondWait(&d->cond, &d->lock) < 0) {
  3 + if (virCondWait(&d->cond, &d->lock) < 0) ;
  4 - domainUnlock(d);
  5 - return -1;
  6 - } else if (d->job)
  6 + else if (d->job)
f:7:lose-branch
  7 - return 1;
  7 + ;
f:8:lose-branch
  8 - else {
  8 + else ;
  9 - d->job = 1;
  10 - }
`},
		{"swap-neighbours", `void f(struct domain *d)
{
    requires(held(&d->lock));
    d->job = 1;
    domainUnlock(d);
    check(no_job, held(&d->job));
    driverLock(driver);
    if (d->job) { d->job = 2; virCondSignal(
        &d->cond); }
}`, `f:4:swap-neighbours
  4 - d->job = 1;
  4 + domainUnlock(d);
  5 - domainUnlock(d);
  5 + d->job = 1;
f:8:swap-neighbours
  8 - if (d->job) { d->job = 2; virCondSignal(
  8 + if (d->job) { virCondSignal(
  9 - &d->cond); }
  9 + &d->cond); d->job = 2; }
`},
		{"swap-operation", `void jobBegin(struct domain *d) { }
void jobEnd(struct domain *d) { }
void jobEnds(struct domain *d, int n) { }
void monitorEnter(struct domain *d) { }
void monitorExit(struct domain *d, int n) { }
void f(struct domain *d)
{
    domainLock(d); virMutexUnlock(&d->lock);
    if (virDomainObjUnref(d) > 0)
        jobBegin(d);
    monitorEnter(d);
    jobEnds(d, 1);
    virCondSignal(&d->cond);
    pthread_mutex_lock(&d->lock);
}`, `f:8:swap-operation
  8 - domainLock(d); virMutexUnlock(&d->lock);
  8 + domainUnlock(d); virMutexUnlock(&d->lock);
f:8:swap-operation.2
  8 - domainLock(d); virMutexUnlock(&d->lock);
  8 + domainLock(d); virMutexLock(&d->lock);
f:9:swap-operation
  9 - if (virDomainObjUnref(d) > 0)
  9 + if (virDomainObjRef(d) > 0)
f:10:swap-operation
  10 - jobBegin(d);
  10 + jobEnd(d);
f:14:swap-operation
  14 - pthread_mutex_lock(&d->lock);
  14 + pthread_mutex_unlock(&d->lock);
`},
		{"signal-broadcast", `void wakeSignal(struct domain *d) { virCondSignal(&d->cond); }
void f(struct domain *d)
{
    virCondSignal(&d->cond);
    pthread_cond_broadcast(&d->cond);
    wakeSignal(d);
}`, `f:4:signal-broadcast
  4 - virCondSignal(&d->cond);
  4 + virCondBroadcast(&d->cond);
f:5:signal-broadcast
  5 - pthread_cond_broadcast(&d->cond);
  5 + pthread_cond_signal(&d->cond);
`},
		{"while-if", `void f(struct domain *d)
{
    while (d->job) virCondWait(&d->cond, &d->lock);
    do { d->job++; } while (d->job < 3);
    do d->job--; while (virDomainObjRef(d) > 1);
    for (; d->job;) { }
}`, `f:3:while-if
  3 - while (d->job) virCondWait(&d->cond, &d->lock);
  3 + if (d->job) virCondWait(&d->cond, &d->lock);
f:4:while-if
  4 - do { d->job++; } while (d->job < 3);
  4 + do { d->job++; } while (0);
f:5:while-if
  5 - do d->job--; while (virDomainObjRef(d) > 1);
  5 + do d->job--; while (virDomainObjRef(d) > 1, 0);
`},
		{"negate", `void f(struct domain *d)
{
    if (d->job && d->refs) { }
    for (int i = 0; i < (3); i++) { }
    for (;;) { }
}`, `f:3:negate
  3 - if (d->job && d->refs) { }
  3 + if (!(d->job && d->refs)) { }
f:4:negate
  4 - for (int i = 0; i < (3); i++) { }
  4 + for (int i = 0; !(i < (3)); i++) { }
`},
		{"always", `void f(struct domain *d)
{
    if (d->job) { }
    while (virDomainObjRef(d)) { }
    while (1) { }
}`, `f:3:always
  3 - if (d->job) { }
  3 + if (1) { }
f:4:always
  4 - while (virDomainObjRef(d)) { }
  4 + while (virDomainObjRef(d), 1) { }
`},
		{"never", `void f(struct domain *d)
{
    if (d->job) { }
    if (d->job) { } else d->refs = 1;
    while (d->job) { }
}`, `f:4:never
  4 - if (d->job) { } else d->refs = 1;
  4 + if (0) { } else d->refs = 1;
f:5:never
  5 - while (d->job) { }
  5 + while (0) { }
`},
		{"drop-operand", `int f(struct domain *d)
{
    if ((d->job && d->refs > 1) || d->mask) { }
    return d->job && (d->refs || 1) && d->mask;
}`, `f:3:drop-operand
  3 - if ((d->job && d->refs > 1) || d->mask) { }
  3 + if ( d->mask) { }
f:3:drop-operand.2
  3 - if ((d->job && d->refs > 1) || d->mask) { }
  3 + if ((d->job && d->refs > 1) ) { }
f:3:drop-operand.3
  3 - if ((d->job && d->refs > 1) || d->mask) { }
  3 + if (( d->refs > 1) || d->mask) { }
f:3:drop-operand.4
  3 - if ((d->job && d->refs > 1) || d->mask) { }
  3 + if ((d->job ) || d->mask) { }
f:4:drop-operand
  4 - return d->job && (d->refs || 1) && d->mask;
  4 + return  d->mask;
f:4:drop-operand.2
  4 - return d->job && (d->refs || 1) && d->mask;
  4 + return d->job && (d->refs || 1) ;
f:4:drop-operand.3
  4 - return d->job && (d->refs || 1) && d->mask;
  4 + return  (d->refs || 1) && d->mask;
f:4:drop-operand.4
  4 - return d->job && (d->refs || 1) && d->mask;
  4 + return d->job  && d->mask;
f:4:drop-operand.5
  4 - return d->job && (d->refs || 1) && d->mask;
  4 + return d->job && ( 1) && d->mask;
f:4:drop-operand.6
  4 - return d->job && (d->refs || 1) && d->mask;
  4 + return d->job && (d->refs ) && d->mask;
`},
		{"boundary", `int f(struct domain *d) { return WAIT(d) < 0 || d->job >= 2 || d->refs == 1; }`, `f:1:boundary
  1 - int f(struct domain *d) { return WAIT(d) < 0 || d->job >= 2 || d->refs == 1; }
  1 + int f(struct domain *d) { return WAIT(d) <= 0 || d->job >= 2 || d->refs == 1; }
f:1:boundary.2
  1 - int f(struct domain *d) { return WAIT(d) < 0 || d->job >= 2 || d->refs == 1; }
  1 + int f(struct domain *d) { return WAIT(d) < 0 || d->job > 2 || d->refs == 1; }
`},
		{"constant", `int f(struct domain *d)
{
    bool seen = true;
    d->job = QUERY;
    d->job = MODIFY;
    if (d->refs == 7 || d->refs < 9)
        return -1;
    d->job = 1;
    return 0;
}`, `f:3:constant
  3 - bool seen = true;
  3 + bool seen = false;
f:4:constant
  4 - d->job = QUERY;
  4 + d->job = MODIFY;
f:5:constant
  5 - d->job = MODIFY;
  5 + d->job = NONE;
f:6:constant
  6 - if (d->refs == 7 || d->refs < 9)
  6 + if (d->refs == 8 || d->refs < 9)
f:7:constant
  7 - return -1;
  7 + return 0;
f:8:constant
  8 - d->job = 1;
  8 + d->job = 0;
f:9:constant
  9 - return 0;
  9 + return -1;
`},
		{"mask", `void f(struct domain *d)
{
    d->mask |= 1 << d->job;
    d->mask = d->mask & ~4u;
}`, `f:3:mask
  3 - d->mask |= 1 << d->job;
  3 + d->mask &= 1 << d->job;
f:3:mask.2
  3 - d->mask |= 1 << d->job;
  3 + d->mask |= 1 << 1 << d->job;
f:4:mask
  4 - d->mask = d->mask & ~4u;
  4 + d->mask = d->mask | ~4u;
f:4:mask.2
  4 - d->mask = d->mask & ~4u;
  4 + d->mask = d->mask &  4u;
`},
		{"wrong-lock", `void f(struct domain *d)
{
    requires(held(&d->lock) && !held(&driver->lock) && !held(&d->job));
    domainLock(d);
    driverUnlock(d->driver);
    virCondWait(&d->cond, &d->lock);
}`, `f:4:wrong-lock
  4 - domainLock(d);
  4 + driverLock(d->driver);
f:5:wrong-lock
  5 - driverUnlock(d->driver);
  5 + domainUnlock(d);
f:6:wrong-lock
  6 - virCondWait(&d->cond, &d->lock);
  6 + virCondWait(&d->cond, &driver->lock);
`},
		{"drop-guard", `void f(struct domain *d)
{
    VIR_WITH_MUTEX_LOCK_GUARD(&d->lock) {
        d->job = 1;
    }
}`, `f:3:drop-guard
  3 - VIR_WITH_MUTEX_LOCK_GUARD(&d->lock) {
  3 + {
`},
		{"drop-check", `void f(struct domain *d)
{
    requires(held(&d->lock));
    if (d->job)
        access(d);
    assert(d->job); check(no_job, held(&d->job));
}`, `f:3:drop-check
  3 - requires(held(&d->lock));
  3 + ;
f:5:drop-check
  5 - access(d);
  5 + ;
f:6:drop-check
  6 - assert(d->job); check(no_job, held(&d->job));
  6 + ; check(no_job, held(&d->job));
f:6:drop-check.2
  6 - assert(d->job); check(no_job, held(&d->job));
  6 + assert(d->job); ;
`},
	} {
		t.Run(c.operator, func(t *testing.T) {
			seen[c.operator] = true
			_, got := found(t, c.src, c.operator)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, name := range operator.Names() {
		if !seen[name] {
			t.Errorf("the operator %s is not tried", name)
		}
	}
}
