package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/lockproof/lockproof/cmd/mutants/mutant"
)

// Trials runs mutants of the module in a directory. Its methods may be called at the same time once
// Prepare has returned.
type Trials struct {
	Dir     string
	Tests   []string      // patterns, for every package; empty: what Plan says
	Skip    string        // a regexp of tests that are not run
	Timeout time.Duration // of the tests that are asked at once; 0: from what Prepare finds
	// Passed are suites that are known to pass without a mutant, by import path: Prepare does not run
	// them.
	Passed map[string]Pass

	known  map[string]*suite   // by import path
	plans  map[string][]*suite // by the directory of the mutants' package
	builds map[string]*build   // the same: see Together
}

// A Result is a mutant with its verdict.
type Result struct {
	*mutant.Mutant
	Verdict Verdict `json:"verdict"`
	Test    string  `json:"test,omitempty"`   // that failed
	Reason  string  `json:"reason,omitempty"` // of an equivalent
	Seconds float64 `json:"seconds"`
}

// Prepare runs the tests that mutants of the packages in dirs will be put before, as they are. They
// have to pass, and show how long they may take. It hands every suite that it ran to passes.
func (t *Trials) Prepare(ctx context.Context, dirs []string, passes func(Pass) error) error {
	t.plans = map[string][]*suite{}
	ran := map[*suite]bool{}
	for _, dir := range dirs {
		patterns := t.Tests
		if len(patterns) == 0 {
			patterns = Plan(dir)
		}
		all, err := t.suites(ctx, patterns)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return fmt.Errorf("no tests for %s in %s", dir, strings.Join(patterns, " "))
		}
		t.plans[dir] = all
		for _, s := range all {
			if ran[s] {
				continue
			}
			ran[s] = true
			p, known := t.Passed[s.path]
			if !known {
				if p, err = t.passes(ctx, s); err == nil {
					err = passes(p)
				}
				if err != nil {
					return err
				}
			}
			s.seconds, s.slow = p.Seconds, p.Slow
		}
	}
	return nil
}

// passes runs a suite without a mutant, and says how long it took.
func (t *Trials) passes(ctx context.Context, s *suite) (Pass, error) {
	a, err := t.ask(ctx, part{s, choice{skip: t.Skip}, 0}, "")
	if err == nil && a.verdict != Survived {
		err = fmt.Errorf("%s fails without any mutant: %s", s.path, strings.TrimSpace(a.output))
	}
	return Pass{Suite: s.path, Seconds: a.seconds, Slow: a.slow()}, err
}

// Run puts a mutant before the tests. There is no result when ctx ends first.
func (t *Trials) Run(ctx context.Context, m *mutant.Mutant) (*Result, error) {
	started := time.Now()
	dir, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a rest of it in the temporary directory does no harm
	overlay, err := writeOverlay(dir, m)
	if err != nil {
		return nil, err
	}
	r := &Result{Mutant: m, Verdict: Survived}
	for _, part := range parts(t.plans[m.Package], t.Skip) {
		if t.Timeout > 0 {
			part.timeout = t.Timeout
		}
		var a answer
		if cmd := t.binary(ctx, part, m); cmd != nil {
			a, err = answered(ctx, cmd)
		} else {
			a, err = t.ask(ctx, part, overlay)
		}
		if err != nil {
			return nil, err
		}
		if a.verdict != Survived {
			r.Verdict, r.Test = a.verdict, strings.TrimSuffix(part.suite.path+"."+a.test, ".")
			break
		}
	}
	r.Seconds = time.Since(started).Round(10 * time.Millisecond).Seconds()
	return r, nil
}

func writeOverlay(dir string, m *mutant.Mutant) (string, error) {
	file, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{m.Path(): file}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(file, m.Text(), 0o600); err != nil {
		return "", err
	}
	return overlay, os.WriteFile(overlay, list, 0o600)
}

// ask runs tests of one package.
func (t *Trials) ask(ctx context.Context, p part, overlay string) (answer, error) {
	cmd := exec.CommandContext(ctx, "go", p.suite.command(overlay, p.choice, p.timeout)...)
	cmd.Dir = t.Dir
	return answered(ctx, cmd)
}
