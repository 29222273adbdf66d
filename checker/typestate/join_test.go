package typestate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/tree"
)

// checked holds a text to the contract with jobs.
func checked(t *testing.T, text string) *typestate.Result {
	t.Helper()
	files, err := tree.Parse(t.Context(), []string{"a.c"}, func(string) ([]byte, error) { return []byte(text), nil })
	if err != nil {
		t.Fatal(err)
	}
	r, err := typestate.Check(t.Context(), files, typestate.Options{Contract: contract(t, "jobs.c")})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Who has taken locks and given them back goes on as who has not: ways by which that happens do not
// multiply.
func TestPassing(t *testing.T) {
	var text strings.Builder
	text.WriteString("static void passes(virDomainObj *vm, struct ports *p, int n)\n{\n    virObjectLock(vm);\n")
	for i := range 9 {
		fmt.Fprintf(&text, "    if (wants(n)) {\n        virMutexLock(&p->l%d);\n        virMutexUnlock(&p->l%d);\n    }\n", i, i)
	}
	text.WriteString("    if (n == 0)\n        return;\n    virObjectUnlock(vm);\n}\n")
	r := checked(t, text.String())
	leak := func(f typestate.Finding) bool {
		return f.Function == "passes" && f.Kind == "lock-leak" && f.Confidence > 0
	}
	if !slices.ContainsFunc(r.Findings, leak) || r.States > 300 {
		t.Errorf("%d states: %+v", r.States, r.Findings)
	}
}

// Ways of different lengths come to the place where they meet before it is gone on from there: a
// long rest is not gone through for each of them.
func TestMeetings(t *testing.T) {
	const ways, rest = 10, 40
	var text strings.Builder
	text.WriteString("static void meets(virDomainObj *vm, int n)\n{\n    int v0 = 0")
	for i := 1; i < ways; i++ {
		fmt.Fprintf(&text, ", v%d = 0", i)
	}
	text.WriteString(";\n    virObjectLock(vm);\n    switch (n) {\n")
	for i := range ways {
		fmt.Fprintf(&text, "    case %d:\n        v%d = %d;\n%s        break;\n", i, i, i+1,
			strings.Repeat("        if (more(n))\n            also(n);\n", i))
	}
	text.WriteString("    }\n")
	text.WriteString(strings.Repeat("    if (less(n))\n        also(n);\n", rest))
	text.WriteString("    if (v0")
	for i := 1; i < ways; i++ {
		fmt.Fprintf(&text, " + v%d", i)
	}
	text.WriteString(" == 7)\n        return;\n    virObjectUnlock(vm);\n}\n")
	r := checked(t, text.String())
	if r.States > 500 {
		t.Errorf("%d states", r.States)
	}
}

// Calls that stand one after the other do not multiply their ways.
func TestCallsInARow(t *testing.T) {
	const text = `
static int passes(virDomainObj *vm, struct ports *p, int n)
{
    virMutexLock(&p->lock);
    virMutexUnlock(&p->lock);
    if (n > 0)
        return 1;
    if (n < 0)
        return -1;
    return 0;
}

static void calls(virDomainObj *vm, struct ports *p, int n)
{
    int a, b, c, d, e, f, g;

    virObjectLock(vm);
    a = passes(vm, p, n);
    b = passes(vm, p, n + a);
    c = passes(vm, p, n + b);
    d = passes(vm, p, n + c);
    e = passes(vm, p, n + d);
    f = passes(vm, p, n + e);
    g = passes(vm, p, n + f);
    if (a + b + c + d + e + f + g == n)
        return;
    virObjectUnlock(vm);
}
`
	r := checked(t, text)
	leak := func(f typestate.Finding) bool { return f.Function == "calls" && f.Kind == "lock-leak" }
	if !slices.ContainsFunc(r.Findings, leak) || r.States > 40 || r.Counts["more states than are followed"] > 0 {
		t.Errorf("%d states, %v: %+v", r.States, r.Counts, r.Findings)
	}
}
