package measure

import (
	"context"
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// Mixes are the thread bodies that a case cycles through.
var Mixes = map[string][]string{
	"query":  {"query"},
	"modify": {"modify"},
	"mixed":  {"query", "modify", "relock"},
}

// MixNames lists the mixes by name.
func MixNames() []string {
	var names []string
	for n := range Mixes {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Grid makes a case for every mix, number of threads and number of domains: the threads go round
// the domains, and on each domain round the bodies of the mix. Numbers of threads that leave a
// domain without one are left out.
func Grid(ctx context.Context, mixes []string, threads, domains []int) ([]Case, error) {
	for _, n := range slices.Concat(threads, domains) {
		if n < 1 || n > model.MaxThreads {
			return nil, fmt.Errorf("a program has 1 to %d threads, and no more domains, not %d", model.MaxThreads, n)
		}
	}
	suite, err := bodies()
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, mix := range mixes {
		functions, ok := Mixes[mix]
		if !ok {
			return nil, fmt.Errorf("there is no mix %q: there are %v", mix, MixNames())
		}
		for _, d := range domains {
			for _, n := range threads {
				if n < d {
					continue
				}
				p, err := suite.Compose(fmt.Sprintf("%s-%d-%d", mix, n, d), calls(functions, n, d)).Program(ctx)
				if err != nil {
					return nil, err
				}
				cases = append(cases, Case{Mix: mix, Threads: n, Domains: d, Program: p})
			}
		}
	}
	return cases, nil
}

func calls(functions []string, threads, domains int) []scenarios.Call {
	var out []scenarios.Call
	for i := range threads {
		out = append(out, scenarios.Call{
			Function: functions[i/domains%len(functions)], Args: []string{fmt.Sprintf("vm%d", i%domains+1)}, Count: 1,
		})
	}
	return out
}

// bodies is the suite of the library whose thread bodies are measured.
func bodies() (*scenarios.Suite, error) {
	suites, err := scenarios.Library()
	if err != nil {
		return nil, err
	}
	for _, s := range suites {
		if s.Name == "call-patterns" {
			return s, nil
		}
	}
	return nil, fmt.Errorf("measure: the library has no suite call-patterns")
}
