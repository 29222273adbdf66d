package typestate_test

import (
	"context"
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/tree"
)

// Of a function that is given up only some ways out are known: its callers do not take these for
// all.
func TestGivenUp(t *testing.T) {
	const text = `
static virDomainDef *parse(virDomainObj *vm, const char *xml, int n)
{
    virDomainDef *def = NULL;

    virObjectLock(vm);
    virObjectUnlock(vm);
    if (n == 0)
        goto cleanup;
    while (n > 0 && !def) {
        if (xml[n] == 'a')
            n = first(n);
        else if (xml[n] == 'b')
            n = second(n);
        else if (xml[n] == 'c')
            def = third(n);
    }
cleanup:
    return def;
}

static void consume(virDomainObj *vm, int n)
{
    while (n > 0) {
        if (odd(n))
            n = first(n);
        else if (even(n))
            n = second(n);
        else if (prime(n))
            n = third(n);
    }
    virDomainObjEndAPI(&vm);
}

static int hands(virDomainPtr dom, int n)
{
    virDomainObj *vm = qemuDomainObjFromDomain(dom);

    if (!vm)
        return -1;
    consume(vm, n);
    return 0;
}

static int add(virDomainObj *vm, const char *xml, int n)
{
    if (!parse(vm, xml, n))
        return -1;
    virObjectLock(vm);
    if (n > 1)
        return 1;
    virObjectUnlock(vm);
    return 1;
}
`
	files, err := tree.Parse(t.Context(), []string{"a.c"}, func(string) ([]byte, error) { return []byte(text), nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, work := range []int{0, 7} {
		r, err := typestate.Check(context.Background(), files, typestate.Options{Contract: contract(t, "jobs.c"), MaxWork: work})
		if err != nil {
			t.Fatal(err)
		}
		if n := r.Counts["more states than are followed"]; (n > 0) != (work > 0) {
			t.Fatalf("with %d states: %v", work, r.Counts)
		}
		if !slices.ContainsFunc(r.Findings, func(f typestate.Finding) bool { return f.Function == "add" && f.Kind == "lock-leak" }) {
			t.Errorf("with %d states: %+v", work, r.Findings)
		}
		if slices.ContainsFunc(r.Findings, func(f typestate.Finding) bool { return f.Function == "hands" }) {
			t.Errorf("with %d states: what was handed on is looked for: %+v", work, r.Findings)
		}
	}
}
