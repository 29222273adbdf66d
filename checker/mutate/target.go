package mutate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/scenarios"
)

// A Target is some helpers, and the scenarios that judge them.
type Target struct {
	Name      string // of the protocol or, where there is none, of the suite
	Scenarios []*scenarios.Scenario
}

// Targets groups scenarios by their helpers, in the order in which these come.
func Targets(all []*scenarios.Scenario) []Target {
	var targets []Target
	index := map[string]int{}
	for _, sc := range all {
		key := sc.Suite.Sources[0].Name
		if sc.Suite.Protocol == "" {
			key = "suite " + sc.Suite.File
		}
		i, ok := index[key]
		if !ok {
			i = len(targets)
			index[key] = i
			targets = append(targets, Target{Name: sc.Suite.HelperName()})
		}
		targets[i].Scenarios = append(targets[i].Scenarios, sc)
	}
	return targets
}

// files are the C of the helpers.
func (t *Target) files() []syntax.Source { return t.Scenarios[0].Suite.HelperFiles() }

// suites lists those of the scenarios, each once.
func (t *Target) suites() []*scenarios.Suite {
	var all []*scenarios.Suite
	for _, sc := range t.Scenarios {
		if !slices.Contains(all, sc.Suite) {
			all = append(all, sc.Suite)
		}
	}
	return all
}
