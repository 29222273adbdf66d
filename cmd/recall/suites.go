package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// maxStates bounds each search.
const maxStates = 2_000_000

// suites are those of rows, in a folder: ID.yaml. unshown.tsv beside them tells of other rows why
// they have none.
type suites struct {
	dir string
	why map[string]string
}

// openSuites reads the folder. Each suite in it is that of a row of the tables.
func openSuites(dir string, rows []*row) (*suites, error) {
	s := &suites{dir: dir, why: map[string]string{}}
	known := map[string]bool{}
	for _, r := range rows {
		known[r.ID] = true
	}
	text, err := os.ReadFile(filepath.Join(dir, "unshown.tsv"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	n := 0
	for line := range bytes.Lines(text) {
		n++
		id, why, ok := strings.Cut(strings.TrimSpace(string(line)), "\t")
		switch {
		case !ok || why == "":
			return nil, fmt.Errorf("%s/unshown.tsv: line %d: no id with a reason", dir, n)
		case !known[id]:
			return nil, fmt.Errorf("%s/unshown.tsv: line %d: the tables have no row %s", dir, n, id)
		case s.has(id):
			return nil, fmt.Errorf("%s/unshown.tsv: line %d: %s has a suite", dir, n, id)
		}
		s.why[id] = why
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s has no suites", dir)
	}
	for _, path := range found {
		if id := strings.TrimSuffix(filepath.Base(path), ".yaml"); !known[id] {
			return nil, fmt.Errorf("%s: the tables have no row %s", path, id)
		}
	}
	return s, nil
}

func (s *suites) path(id string) string { return filepath.Join(s.dir, id+".yaml") }

func (s *suites) has(id string) bool {
	_, err := os.Stat(s.path(id))
	return err == nil
}

// show runs the suite of a row before its fix and after. The row is a hit where all verdicts before
// are the expected ones; some of them are findings, and others, of each thread alone, are ok. It is
// silent where all verdicts after are ok.
func (m *meter) show(ctx context.Context, r *row) error {
	if !m.suites.has(r.ID) {
		if r.Why = m.suites.why[r.ID]; r.Why == "" {
			r.Why = "it has no suite"
		}
		return nil
	}
	if _, err := m.repo.Commit(ctx, r.Fix+"^"); err != nil {
		if ctx.Err() == nil {
			r.Why = "the clone does not have the commit"
		}
		return ctx.Err()
	}
	before, err := m.ask(ctx, r, r.Fix+"^")
	switch {
	case ctx.Err() != nil:
		return nil
	case err != nil:
		r.Why = "not sliced: " + firstLine(err)
		return nil
	}
	if !before.expects(true) || !before.expects(false) {
		return errors.New("the suite expects no finding, or nothing to be ok")
	}
	r.Measured, r.Era, r.Before = true, before.protocol, before.texts()
	if r.Hit = before.unexpected() == ""; !r.Hit {
		r.Why = before.unexpected()
		return nil
	}
	after, err := m.ask(ctx, r, r.Fix)
	if err != nil {
		r.Why = "not sliced at the fix: " + firstLine(err)
		return nil
	}
	r.After = after.texts()
	if r.Silent = after.broken() == ""; !r.Silent {
		r.Why = "at the fix: " + after.broken()
	}
	return nil
}

// An asked is what came of the scenarios of a suite in one revision.
type asked struct {
	protocol string
	verdicts []verdict
}

type verdict struct {
	scenario *scenarios.Scenario
	got      scenarios.Expectation
}

// ask runs the suite of a row in a revision.
func (m *meter) ask(ctx context.Context, r *row, revision string) (*asked, error) {
	q := scenarios.Question{Tree: &scenarios.Real{Git: m.o.git, Rev: revision}}
	scs, err := q.Resolve(ctx, []string{m.suites.path(r.ID)})
	if err != nil {
		return nil, err
	}
	a := &asked{protocol: scs[0].Suite.Protocol}
	for _, sc := range scs {
		opt := search.Options{Workers: 1, MaxStates: maxStates, Reduce: search.Reduction{Auto: true}}
		if sc.RacesFor("") == scenarios.CheckRaces {
			opt.Races = search.CheckRaces
		}
		p, err := sc.Program(ctx)
		if err != nil {
			return nil, err
		}
		got := scenarios.Expectation{Verdict: model.Unknown}
		p, limit, err := search.Close(ctx, p, opt)
		if err == nil && limit == model.NoLimit {
			var s *search.Result
			if s, err = search.Search(ctx, p, opt); err == nil {
				got = scenarios.Expectation{Verdict: s.Verdict, Kind: s.Kind}
			}
		}
		if err != nil {
			return nil, err
		}
		a.verdicts = append(a.verdicts, verdict{sc, got})
	}
	return a, nil
}

// expects reports whether the suite expects a finding, or something to be ok.
func (a *asked) expects(finding bool) bool {
	return slices.ContainsFunc(a.verdicts, func(v verdict) bool {
		return (v.scenario.Expect.Verdict != model.OK) == finding
	})
}

// unexpected is the first verdict that is not as expected; "" where all are.
func (a *asked) unexpected() string {
	return a.first(func(v verdict) bool { return !v.scenario.Expect.Matches(v.got.Verdict, v.got.Kind) })
}

// broken is the first verdict that is not ok; "" where all are.
func (a *asked) broken() string {
	return a.first(func(v verdict) bool { return v.got.Verdict != model.OK })
}

func (a *asked) first(is func(verdict) bool) string {
	for _, v := range a.verdicts {
		if is(v) {
			return v.String()
		}
	}
	return ""
}

func (a *asked) texts() []string {
	var all []string
	for _, v := range a.verdicts {
		all = append(all, v.String())
	}
	return all
}

func (v verdict) String() string { return v.scenario.Name + ": " + v.got.String() }

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
