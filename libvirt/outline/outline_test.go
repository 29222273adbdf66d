package outline

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/syntax"
)

const objects = `
enum kind { NONE, ONE, ASYNC };
struct other { int job; };
struct job { int job __attribute__((owner)); };
typedef struct obj obj;
struct obj { virMutex lock; virMutex big; virCond cond; int refs __attribute__((refcount)); int n; struct job in; struct other other; };
static void take(obj *o) { virMutexLock(&o->lock); }
static int begin(obj *o, bool both, enum kind k)
{
    bool async = k == ASYNC;

    check(missing_lock, held(&o->lock));
    check(wrong_variant, held(&o->big) == both);
    check(no_job, async || held(&o->in.job));
    if (both)
        virMutexUnlock(&o->big);
    while (o->in.job) {
        if (virCondWait(&o->cond, &o->lock) < 0)
            goto error;
    }
    o->in.job = 1;
    return 0;

error:
    virObjectUnref(o);
    return -1;
}
`

// What is required and done, in branches, loops, callees and after jumps.
func TestOutline(t *testing.T) {
	for _, tt := range []struct{ body, requires, does string }{
		{"virMutexLock(&o->lock); o->n = 2; virMutexUnlock(&o->lock);", "", "lock o->lock; set o->n = 2; unlock o->lock"},
		{"requires(held(&o->lock)); o->in.job = 0; o->other.job = 0;", "held(&o->lock) (requires)", "end o->in.job; set o->other.job = 0"},
		{"take(o); check(missing_lock, held(&o->lock)); o->n++;", "", "lock o->lock; o->n++"},
		{"if (o->n) take(o); check(missing_lock, held(&o->lock));", "held(&o->lock), unless the helper sees to it (missing-lock)", "(lock o->lock)"},
		{"if (o->n) { take(o); check(missing_lock, held(&o->lock)); }", "", "(lock o->lock)"},
		{"if (o->n) check(no_job, held(&o->lock));", "held(&o->lock), where o->n (no-job)", ""},
		{"if (o->n == 1) return 0; o->n = 1; return 0;", "", "(set o->n = 1)"},
		{"if (begin(o, true, ASYNC) < 0) return -1; o->n = 1; return 0;", "held(&o->lock) (missing-lock)|held(&o->big) (wrong-variant)", "unlock o->big; " +
			"(wait on o->cond with o->lock unlocked); take o->in.job = 1; (unref o); set o->n = 1"},
		{"return begin(o, false, ONE);", "held(&o->lock) (missing-lock)|!held(&o->big) (wrong-variant)|held(&o->in.job) (no-job)", "" +
			"(wait on o->cond with o->lock unlocked); take o->in.job = 1; (unref o)"},
		{"return begin(o, n == 1, n);", "held(&o->lock) (missing-lock)|held(&o->big) == (n == 1) (wrong-variant)|n == ASYNC || held(&o->in.job) (no-job)", "" +
			"(unlock o->big); (wait on o->cond with o->lock unlocked); take o->in.job = 1; (unref o)"},
		{"return n ? f(o, 0) : 1;", "", "(call f)"},
	} {
		src := objects + "int f(obj *o, int n) { " + tt.body + " }"
		p := syntax.NewParser(t.Context(), syntax.Options{Mode: syntax.Strict})
		file := p.Parse(syntax.Source{Name: "t.c", Text: []byte(src)})
		if err := p.Diagnostics().Err(); err != nil {
			t.Fatal(err)
		}
		o := newOutliner(file)
		h := o.helper(o.functions["f"])
		if got := strings.Join(h.Requires, "|"); got != tt.requires {
			t.Errorf("%s requires\n%q, want\n%q", tt.body, got, tt.requires)
		}
		if got := strings.Join(h.Does, "; "); got != tt.does {
			t.Errorf("%s does\n%q, want\n%q", tt.body, got, tt.does)
		}
		if want := "int f(obj *o, int n)"; h.Declaration != want {
			t.Errorf("%s, want %s", h.Declaration, want)
		}
	}
}
