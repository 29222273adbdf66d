package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/cmd/mutants/mutant"
	"github.com/lockproof/lockproof/cmd/mutants/trial"
)

// A listed mutant is one of --list.
type listed struct {
	*mutant.Mutant
	Equivalent string `json:"equivalent,omitempty"` // why it is
}

func (s *selection) list(out io.Writer, asJSON bool) error {
	all := []listed{}
	for _, m := range s.mutants {
		all = append(all, listed{m, s.reasons[m]})
	}
	if asJSON {
		return encode(out, all)
	}
	w := bufio.NewWriter(out)
	for _, l := range all {
		fmt.Fprintf(w, "%s in %s: %s", l.ID, l.Func, l.Change)
		if l.Equivalent != "" {
			fmt.Fprint(w, " (equivalent: "+l.Equivalent+")")
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// A summary is the numbers of one package, or of all.
type summary struct {
	Package    string  `json:"package"`
	Noticed    int     `json:"noticed"`
	TimedOut   int     `json:"timed_out"`
	Survived   int     `json:"survived"`
	Equivalent int     `json:"equivalent"`
	Broken     int     `json:"broken"`
	Left       int     `json:"left"`  // not run
	Score      float64 `json:"score"` // of those that count, in percent
}

// summarise counts the results of a package, or of all for "".
func (s *selection) summarise(dir string) summary {
	sum := summary{Package: dir}
	counts := map[trial.Verdict]*int{
		trial.Noticed: &sum.Noticed, trial.TimedOut: &sum.TimedOut, trial.Survived: &sum.Survived,
		trial.Equivalent: &sum.Equivalent, trial.Broken: &sum.Broken,
	}
	for _, m := range s.mutants {
		if dir == "" || m.Package == dir {
			sum.Left++
		}
	}
	for _, r := range s.results {
		if dir == "" || r.Package == dir {
			*counts[r.Verdict]++
			sum.Left--
		}
	}
	sum.Score = 100
	if noticed := sum.Noticed + sum.TimedOut; noticed+sum.Survived > 0 {
		sum.Score = 100 * float64(noticed) / float64(noticed+sum.Survived)
	}
	return sum
}

// below reports whether some package has a score below a percentage.
func (s *selection) below(atLeast float64) bool {
	return slices.ContainsFunc(s.packages, func(p *mutant.Package) bool { return s.summarise(p.Dir).Score < atLeast })
}

// report prints survivors first, with their changes, and numbers last.
func (s *selection) report(out io.Writer, asJSON bool) error {
	order := []trial.Verdict{trial.Survived, trial.TimedOut, trial.Equivalent, trial.Broken, trial.Noticed}
	slices.SortStableFunc(s.results, func(x, y *trial.Result) int {
		return cmp.Or(cmp.Compare(slices.Index(order, x.Verdict), slices.Index(order, y.Verdict)),
			cmp.Compare(x.File, y.File), cmp.Compare(s.at(x), s.at(y)))
	})
	var sums []summary
	for _, p := range s.packages {
		sums = append(sums, s.summarise(p.Dir))
	}
	if len(sums) > 1 {
		sums = append(sums, s.summarise(""))
	}
	if asJSON {
		return encode(out, map[string]any{"results": s.results, "packages": sums})
	}
	w := bufio.NewWriter(out)
	for _, r := range s.results {
		switch r.Verdict {
		case trial.Survived:
			fmt.Fprintf(w, "survived %s in %s: %s\n%s\n", r.ID, r.Func, r.Change, r.Diff)
		case trial.TimedOut, trial.Broken:
			fmt.Fprintf(w, "%s %s in %s: %s (%s)\n", r.Verdict, r.ID, r.Func, r.Change, r.Test)
		case trial.Equivalent:
			fmt.Fprintf(w, "equivalent %s in %s: %s (%s)\n", r.ID, r.Func, r.Change, r.Reason)
		}
	}
	for _, sum := range sums {
		fmt.Fprintln(w, sum.line())
	}
	return w.Flush()
}

// at is where a mutant stands among all of the run.
func (s *selection) at(r *trial.Result) int { return slices.Index(s.mutants, r.Mutant) }

func (sum summary) line() string {
	var parts []string
	part := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	part(sum.Noticed, "noticed")
	part(sum.TimedOut, "timed out")
	part(sum.Survived, "survived")
	part(sum.Equivalent, "equivalent")
	part(sum.Broken, "do not build")
	part(sum.Left, "not run")
	name := cmp.Or(sum.Package, "all")
	return fmt.Sprintf("%s: %.1f %% noticed (%s)", name, sum.Score, cmp.Or(strings.Join(parts, ", "), "no mutants"))
}

func encode(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
