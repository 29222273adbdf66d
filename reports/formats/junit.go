package formats

import (
	"fmt"
	"io"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/terminal"
)

// WriteJUnit writes a report as JUnit XML: a test suite for each suite, a test case for each
// scenario, one more test suite for source code when it was linted, one for logs and stacks, and
// one for the mutants of some helpers. What is not as expected is a failure with its interleaving
// as text, what hit a limit an error; what the baseline knows passes, and says so in its output.
// This file is the only one that knows the JUnit package.
//
// All times are 0: equal results are equal bytes. How long a search took is in results.json.
func WriteJUnit(w io.Writer, r *reports.Report) error {
	r = reports.Plain(r)
	all := junit.Testsuites{Name: "lockproof"}
	for i := range r.Results {
		x := &r.Results[i]
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != x.Suite {
			all.Suites = append(all.Suites, junit.Testsuite{Name: x.Suite, ID: n, Time: noTime})
		}
		all.Suites[len(all.Suites)-1].AddTestcase(testcase(x))
	}
	if len(r.Findings) > 0 {
		s := junit.Testsuite{Name: lintSuite, ID: len(all.Suites), Time: noTime}
		for _, p := range r.Problems() {
			if p.Finding != nil {
				s.AddTestcase(lintCase(&p))
			}
		}
		all.Suites = append(all.Suites, s)
	}
	if ds := r.Diagnosed(); len(ds) > 0 {
		s := junit.Testsuite{Name: diagnosisSuite, ID: len(all.Suites), Time: noTime}
		findings := r.Findings
		for _, d := range ds {
			n := min(d.Findings, len(findings))
			s.AddTestcase(diagnosisCase(d, findings[:n]))
			findings = findings[n:]
		}
		all.Suites = append(all.Suites, s)
	}
	for i := range r.Mutations {
		all.Suites = append(all.Suites, mutantSuite(&r.Mutations[i], len(all.Suites)))
	}
	for _, s := range all.Suites {
		all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
	}
	if _, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"); err != nil {
		return fmt.Errorf("writing JUnit XML: %w", err)
	}
	if err := all.WriteXML(w); err != nil {
		return fmt.Errorf("writing JUnit XML: %w", err)
	}
	return nil
}

const (
	noTime    = "0"
	lintSuite = "lint"

	diagnosisSuite = "diagnosis"
)

func testcase(r *reports.Result) junit.Testcase {
	tc := junit.Testcase{Name: r.Scenario, Classname: "lockproof." + r.Suite, Time: noTime}
	said := reports.VerdictOf(r.Verdict, r.Kind) + ", expected " + r.Expected
	switch r.Outcome() {
	case reports.Unexpected:
		tc.Failure = &junit.Result{
			Message: strings.Join(reports.Reasons(r), "\n"), Type: reports.VerdictOf(r.Verdict, r.Kind), Data: asText(r),
		}
		if r.Expects() {
			tc.Failure.Type = string(model.LockOrder)
		}
	case reports.Undecided:
		tc.Error = &junit.Result{Message: r.Message, Type: string(r.Limit), Data: said}
	case reports.Known:
		tc.SystemOut = &junit.Output{Data: "known, in the baseline: " + strings.Join(reports.Reasons(r), "\n")}
	case reports.Expected:
		tc.SystemOut = &junit.Output{Data: said}
	}
	return tc
}

func lintCase(p *reports.Problem) junit.Testcase {
	f := p.Finding
	tc := junit.Testcase{
		Name:      fmt.Sprintf("%s at %s:%d", f.Rule, f.File, f.Line),
		Classname: "lockproof.lint." + f.Function, Time: noTime,
	}
	if f.Known || f.Severity == "note" {
		tc.SystemOut = &junit.Output{Data: f.Message}
		return tc
	}
	tc.Failure = &junit.Result{Message: f.Message, Type: string(f.Rule), Data: f.Message}
	return tc
}

// diagnosisCase fails where a diagnosis names a fault.
func diagnosisCase(d *reports.Diagnosis, findings []reports.Finding) junit.Testcase {
	tc := junit.Testcase{Name: strings.Join(d.Inputs, " "), Classname: "lockproof.diagnosis." + d.Format, Time: noTime}
	var b strings.Builder
	if err := terminal.WriteDiagnosis(&b, d, findings, terminal.Style{Width: 120}); err != nil {
		b.WriteString(err.Error()) // a strings.Builder does not fail
	}
	if d.Fault {
		tc.Failure = &junit.Result{Message: strings.Join(d.Domains, ", ") + ": " + d.Meaning, Type: d.Cause, Data: b.String()}
	} else {
		tc.SystemOut = &junit.Output{Data: b.String()}
	}
	return tc
}

// asText is what the command prints.
func asText(r *reports.Result) string {
	var b strings.Builder
	timeless := *r
	timeless.ElapsedMS = 0
	if err := terminal.WriteAnswer(&b, &timeless, terminal.Style{Width: 120}); err != nil {
		return err.Error() // a strings.Builder does not fail
	}
	return strings.ReplaceAll(b.String(), ", 0 ms", "")
}

// mutantSuite is the mutants of some helpers as a test suite. One that nobody noticed passes, and
// says so in its output: whether there are too many of them is for the score to say, which is a
// case too.
func mutantSuite(m *reports.Mutation, id int) junit.Testsuite {
	s := junit.Testsuite{Name: "mutants of " + m.Protocol, ID: id, Time: noTime}
	score := junit.Testcase{Name: "score", Classname: "lockproof.mutate." + m.Protocol, Time: noTime}
	if m.Score < m.MinScore {
		score.Failure = &junit.Result{
			Message: fmt.Sprintf("%.1f %%, and %v is asked for", m.Score, m.MinScore), Type: "score", Data: m.Summary(),
		}
	}
	s.AddTestcase(score)
	for i := range m.Mutants {
		x := &m.Mutants[i]
		tc := junit.Testcase{Name: x.ID, Classname: "lockproof.mutate." + m.Protocol, Time: noTime}
		if x.Status != reports.MutantFound && x.Status != reports.MutantEquivalent {
			var text strings.Builder
			fmt.Fprintf(&text, "%s: %s\n", x.Status, x.Status.Meaning())
			for _, l := range x.Lines {
				fmt.Fprintf(&text, "%d - %s\n%d + %s\n", l.Number, l.Before, l.Number, l.After)
			}
			for _, line := range terminal.MutantLines(x) {
				fmt.Fprintln(&text, line)
			}
			tc.SystemOut = &junit.Output{Data: text.String()}
		}
		s.AddTestcase(tc)
	}
	return s
}
