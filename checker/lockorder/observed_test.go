package lockorder_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/lockorder"
)

func TestObserved(t *testing.T) {
	t.Parallel()
	seen := func(pairs string) (out []lockorder.Seen) {
		for p := range strings.FieldsSeq(pairs) {
			a, b, _ := strings.Cut(p, "-")
			s := lockorder.Seen{From: strings.TrimSuffix(a, "?"), To: strings.TrimSuffix(b, "?"), FromReads: strings.HasSuffix(a, "?"), ToReads: strings.HasSuffix(b, "?")}
			s.FromSite, s.ToSite = "took-"+s.From, "asked-"+s.To
			out = append(out, s)
		}
		return out
	}
	for pairs, want := range map[string]string{
		"":                                    "[] []",
		"list-domain domain-monitor":          "[list domain monitor] []",
		"list-domain domain-list domain-list": "[domain list] [domain -> list -> domain]",
		"a-b b-c c-a x-a":                     "[x a b c] [a -> b -> c -> a]",
		"domain-domain":                       "[domain] []",
		"list?-domain domain-list?":           "[domain list] []", // readers do not keep each other out
		"list?-domain domain-list":            "[domain list] [domain -> list -> domain]",
	} {
		g := lockorder.Observed(seen(pairs))
		cycles := []string{}
		for _, c := range g.Cycles {
			if c.Status != lockorder.Unknown {
				t.Errorf("%s: %s", pairs, c.Status)
			}
			cycles = append(cycles, g.PathString(c.Path))
		}
		if got := fmt.Sprint(g.Order, cycles); got != want {
			t.Errorf("%s: %s %s, want %s", pairs, g.Order, cycles, want)
		}
	}
	g := lockorder.Observed(seen("list-domain domain-list domain-list"))
	for _, e := range g.Edges {
		if e.Up && (g.Nodes[e.From].Name != "list" || e.Witnesses[0].Name != "took-list" || e.Witnesses[0].Operation != "asked-domain") {
			t.Errorf("%+v", e)
		}
	}
}
