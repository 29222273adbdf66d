package crosscheck_test

import (
	"errors"
	"flag"
	"testing"

	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/scenarios"
)

var all = flag.Bool("all", false, "every shipped scenario, not only some of a suite")

// TestLibrary holds shipped scenarios, and those of testdata, against the engines that are
// installed: verdict, kinds, deadlocks, number of states. It takes every third of a suite, and at
// most eight; with -all every one, which takes minutes, and with -short the first.
func TestLibrary(t *testing.T) {
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	ours, err := crosscheck.OwnSuites()
	if err != nil {
		t.Fatal(err)
	}
	suites = append(suites, ours...)
	for _, engine := range crosscheck.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			opt := crosscheck.RunOptions{Quick: true}
			var missing *crosscheck.Unavailable
			if err := crosscheck.Available(engine, opt); errors.As(err, &missing) {
				t.Skip(err)
			}
			for _, s := range suites {
				apart := max(3, (len(s.Scenarios)+7)/8)
				for i, sc := range s.Scenarios {
					if testing.Short() && i > 0 || !*all && i%apart > 0 {
						continue
					}
					t.Run(sc.String(), func(t *testing.T) {
						t.Parallel()
						p, err := sc.Program(t.Context())
						if err != nil {
							t.Fatal(err)
						}
						opt := opt
						opt.Export = crosscheck.Options{Scenario: sc.String(), File: sc.Suite.File}
						agree(t, engine, p, opt)
					})
				}
			}
		})
	}
}
