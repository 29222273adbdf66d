package mutant_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/cmd/mutants/mutant"
)

func TestEquivalents(t *testing.T) {
	all, err := mutant.ParseEquivalents("list.txt", `
# a comment

every.go places constant
1 -> 2
a reason
# of a mutant
in two lines

every.go statements *
no operator of that name
a reason

every.go numbers bits
*
nobody looks at bits

other.go f negate
a -> !(a)
of another package
`)
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	mutants := every(t).Mutants(mutant.Options{})
	for _, m := range mutants {
		if r := all.Reason(m); r != "" {
			reasons[m.Func+" "+m.Operator] = r
		}
	}
	want := map[string]string{"places constant": "a reason in two lines", "numbers bits": "nobody looks at bits"}
	if d := cmp.Diff(want, reasons); d != "" {
		t.Error(d)
	}
	stale := []string{"list.txt:10: every.go statements: no such mutant: no operator of that name"}
	if d := cmp.Diff(stale, all.Stale(mutants)); d != "" {
		t.Error(d)
	}
}

func TestEquivalentErrors(t *testing.T) {
	want := "list.txt:3: an entry is FILE FUNCTION OPERATOR, a line with the change, and a reason"
	for _, text := range []string{"\n\na.go f\nx -> y\nwhy\n", "\n\na.go f negate\nx -> y\n\n", "# no\n\na.go f negate"} {
		if _, err := mutant.ParseEquivalents("list.txt", text); err == nil || err.Error() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}
