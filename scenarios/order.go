package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// checkOrder reports the levels of `order` that no lock or job of the suite stands at: an expectation about nothing would hold for ever.
func (s *Suite) checkOrder() syntax.Diagnostics {
	var ds syntax.Diagnostics
	if len(s.Order) == 0 {
		return nil
	}
	var classes []string
	for _, sc := range s.Scenarios {
		p, bad := sc.program()
		if len(bad) > 0 {
			return nil // reported elsewhere
		}
		for _, r := range p.Resources() {
			classes = append(classes, r.Class)
		}
	}
	slices.Sort(classes)
	classes = slices.Compact(classes)
	for i, name := range s.Order {
		if !slices.Contains(classes, name) {
			hint := didYouMean(name, classes)
			if hint == "" {
				hint = "the levels are " + strings.Join(classes, ", ")
			}
			ds.Add(s.orderPos[i], fmt.Sprintf("no lock or job of this suite stands at level %q", name), hint)
		}
	}
	return ds
}
