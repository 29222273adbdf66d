package search_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/checker/search"
)

const inWords = `start [virMutexLock(&m); holds ] [virMutexLock(&m); holds ] m:-1 g.job:-1 g.late=0 n=0 c={}
T1 virMutexLock(&m): [n; holds m] [virMutexLock(&m); holds ] m:0 g.job:-1 g.late=0 n=0 c={}
T1 n: [virCondWait(&c, &m); holds m] [virMutexLock(&m); holds ] m:0 g.job:-1 g.late=0 n=0 c={}
T1 virCondWait(&c, &m): [sleeps in virCondWait(&c, &m); holds ] [virMutexLock(&m); holds ] m:-1 g.job:-1 g.late=0 n=0 c={T1}
T2 virMutexLock(&m): [sleeps in virCondWait(&c, &m); holds ] [g.job = 1; holds m] m:1 g.job:-1 g.late=0 n=0 c={T1}
T2 g.job = 1: [sleeps in virCondWait(&c, &m); holds ] [n = 1; holds m g.job] m:1 g.job:1 g.late=0 n=0 c={T1}
T2 n = 1: [sleeps in virCondWait(&c, &m); holds ] [virCondSignal(&c); holds m g.job] m:1 g.job:1 g.late=0 n=1 c={T1}
T2 virCondSignal(&c): wakes T1: [wakes up: locks m again; holds ] [virCondSignal(&c); holds m g.job] m:1 g.job:1 g.late=0 n=1 c={}
T2 virCondSignal(&c): nobody waits: [wakes up: locks m again; holds ] [virMutexUnlock(&m); holds m g.job] m:1 g.job:1 g.late=0 n=1 c={}
T2 virMutexUnlock(&m): [wakes up: locks m again; holds ] [virMutexLock(&m); holds g.job] m:-1 g.job:1 g.late=0 n=1 c={}
T1 wakes up: locks m again: [g.late = 1; holds m] [virMutexLock(&m); holds g.job] m:0 g.job:1 g.late=0 n=1 c={}
T1 g.late = 1: [virMutexUnlock(&m); holds m] [virMutexLock(&m); holds g.job] m:0 g.job:1 g.late=1 n=1 c={}
T1 virMutexUnlock(&m): [; holds ] [virMutexLock(&m); holds g.job] m:-1 g.job:1 g.late=1 n=1 c={}
T2 virMutexLock(&m): [; holds ] [g.late; holds m g.job] m:1 g.job:1 g.late=1 n=1 c={}
T2 g.late: [; holds ] [assert(!g.late); holds m g.job] m:1 g.job:1 g.late=1 n=1 c={}
T2 assert(!g.late): [; holds ] [assert(!g.late); holds m g.job] m:1 g.job:1 g.late=1 n=1 c={}
`

// TestTraceInWords shows all that a trace says of its steps, and of the states between them.
func TestTraceInWords(t *testing.T) {
	p := inline(t, "sleeper(), waker()", `
static virMutex m;
static virCond c;
static struct { int job __attribute__((owner)); int late; } g;
static int n;
void sleeper(void) { virMutexLock(&m); if (!n) { virCondWait(&c, &m); g.late = 1; } virMutexUnlock(&m); }
void waker(void)
{
    virMutexLock(&m); g.job = 1; n = 1; virCondSignal(&c); virCondSignal(&c); virMutexUnlock(&m);
    virMutexLock(&m); assert(!g.late); g.job = 0; virMutexUnlock(&m);
}
`)
	r := searchFor(t, p, search.Options{})
	if len(r.Findings) != 1 {
		t.Fatal(r.Findings)
	}
	var b strings.Builder
	say := func(w search.View) {
		for _, x := range w.Threads {
			fmt.Fprintf(&b, " [%s; holds %s]", x.Next, strings.Join(x.Holds, " "))
		}
		for _, x := range w.Locks {
			fmt.Fprintf(&b, " %s:%d", x.Name, x.Owner)
		}
		for _, x := range w.Vars {
			fmt.Fprintf(&b, " %s=%s", x.Name, x.Value)
		}
		b.WriteString("\n")
	}
	trace := r.Findings[0].Trace
	b.WriteString("start")
	say(trace.Start)
	for _, s := range trace.Steps {
		fmt.Fprintf(&b, "T%d %s:", s.Thread+1, s.Operation)
		say(s.After)
	}
	if d := cmp.Diff(inWords, b.String()); d != "" {
		t.Error(d)
	}
}
