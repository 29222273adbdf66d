package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/folder"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

// A gate is what verify is asked for besides the searches.
type gate struct {
	question      scenarios.Question
	format        *format
	out           string
	shard         string
	baseline      string
	writeBaseline bool
}

func (a *app) verify() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify [PATH | SUITE[:SCENARIO]]...",
		Short: "Run suites and compare every verdict with the expected one",
		Long: `verify runs every scenario of the given suites (default: the built-in library) and compares its verdict with
the suite's expect, and its lock order with the suite's order. It exits with 1 when one differs, with 3 when a search had to
stop before it could tell.

The scenarios run --workers at a time; rows come in the order of the suites all the same. With more than 200 scenarios those of a
suite that are as expected share one row. --max-states bounds each
search, --timeout and --max-memory bound the whole run, reading included: a scenario that needs more memory than its share is searched
again alone.

Then it says which statements, branches and faults of the C that the scenarios of a suite can call no run reached. In a suite with
cover: required that is a finding, and the exit code 1.

A suite that names a tree (tree: PATH) takes the functions of its threads from real source; --tree, or --git and --rev, say where
that lies instead.

With --protocol all suites that name a protocol run on those helpers instead; those whose C needs others are named, and why. What
differs from the shipped protocols is said.

--out writes index.html, results.json, junit.xml, results.sarif and the lock orders as *.dot and *.svg, all or
nothing. --baseline names a file of known problems: only others fail; --write-baseline writes that file. --shard 2/3
runs the second third of the scenarios, and lockproof report --merge joins the results.`,
		ValidArgsFunction: completeScenarios,
		Example: `  lockproof verify
  lockproof verify suites/ --timeout 5m
  lockproof verify exit-monitor-order --format json
  lockproof verify --protocol mine.c
  lockproof verify --out report/
  lockproof verify suites/ --baseline lockproof.baseline.json --write-baseline`,
	}
	g := &gate{format: formatFlag(cmd)}
	protocolFlag(cmd, &g.question)
	treeFlags(cmd, &g.question)
	limits := limitFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&g.out, "out", "", "directory for the report in all formats, written when all is done")
	f.StringVar(&g.shard, "shard", "", "run only a part of the scenarios: K/N, as 2/3")
	f.StringVar(&g.baseline, "baseline", "", "file of known problems, which do not fail")
	f.BoolVar(&g.writeBaseline, "write-baseline", false, "write the file of --baseline from what is found, and pass")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.runGate(cmd, g, limits, args) }
	return cmd
}

func (a *app) runGate(cmd *cobra.Command, g *gate, limits *limits, args []string) error {
	baseline, shard, err := g.load(cmd.Context())
	if err != nil {
		return err
	}
	all, replaced, err := g.resolve(cmd, args)
	if err != nil {
		return err
	}
	report := newReport()
	report.Shard = shard
	var scs []*scenarios.Scenario
	var names []string
	for i, sc := range all {
		if shard.Takes(i) {
			scs, names = append(scs, sc), append(names, sc.String())
		}
	}
	var out *folder.Output
	if g.out != "" {
		if out, err = folder.NewOutput(g.out); err != nil {
			return err
		}
		defer out.Close()
	}
	table := terminal.NewTable(a.stdout, names, a.style())
	if len(scs) > mostRows {
		table.Fold(suitesOf(scs))
	}
	if baseline != nil {
		table.ExpectKnown()
	}
	s := a.searcher(limits, limits.workers, len(scs))
	s.order = out != nil || *g.format == jsonFormat
	err = s.run(cmd.Context(), scs, func(r *reports.Result) error {
		baseline.Mark(r)
		report.Results = append(report.Results, *r)
		if *g.format == jsonFormat {
			return nil
		}
		return table.Row(r)
	})
	if err = errors.Join(err, table.EndRows()); err != nil {
		return err
	}
	report.Cover()
	report.Require()
	baseline.Apply(report)
	a.code = exitCode(report)
	report.Quote(texts(scs))
	if *g.format == jsonFormat {
		err = formats.WriteJSON(a.data, report)
	} else if err = terminal.WriteCoverage(a.stdout, report.Coverage, a.style()); err == nil {
		err = table.Close()
	}
	if replaced != nil {
		err = errors.Join(err, a.sayReplaced(g, replaced, report))
	}
	if g.writeBaseline {
		err = errors.Join(err, a.saveBaseline(g.baseline, report))
	} else {
		a.repaired(g, baseline, report)
	}
	if out != nil {
		err = errors.Join(err, out.Write(report))
	}
	return err
}

// mostRows is how many scenarios have a row each. Of more nobody reads them, and what is not as
// expected would be lost among them.
const mostRows = 200

// suitesOf lists the names of the suites, each once.
func suitesOf(scs []*scenarios.Scenario) []string {
	var names []string
	for _, sc := range scs {
		names = append(names, sc.Suite.Name)
	}
	return slices.Compact(names)
}

// resolve finds the scenarios. With other helpers than the suites', the second result says what
// becomes of these.
func (g *gate) resolve(cmd *cobra.Command, args []string) ([]*scenarios.Scenario, *scenarios.Replacement, error) {
	tree := g.question.Tree.Asked()
	if tree && len(args) == 0 {
		return nil, nil, errors.New("which suites? The built-in ones take nothing from a tree")
	}
	if g.question.Protocol == "" || tree {
		scs, err := resolve(cmd.Context(), cmd, &g.question, args)
		return scs, nil, err
	}
	r, err := g.question.Replace(cmd.Context(), args)
	if err != nil {
		return nil, nil, err
	}
	if len(r.Scenarios) == 0 {
		return nil, nil, fmt.Errorf("no suite can run on %s\n%s", r.Protocol, strings.Join(r.WhyNot(), "\n"))
	}
	return r.Scenarios, r, nil
}

// sayReplaced says how the helpers differ from the shipped ones, and what comes of that. Beside
// JSON it stands on stderr.
func (a *app) sayReplaced(g *gate, r *scenarios.Replacement, report *reports.Report) error {
	w := a.stdout
	if *g.format == jsonFormat {
		w = a.stderr
	}
	var b strings.Builder
	line := func(text string) { terminal.Hanging(&b, "", text, a.style()) }
	b.WriteByte('\n')
	if r.Differs != "" {
		line(r.Differs)
	}
	for _, why := range r.WhyNot() {
		line(why)
	}
	different := 0
	for i := range report.Results {
		x := &report.Results[i]
		if x.Outcome() != reports.Unexpected {
			continue
		}
		different++
		said := reports.VerdictOf(x.Verdict, x.Kind) + ", expected " + x.Expected
		if x.Expects() {
			said += ", but locks are asked for against the order of the suite"
		}
		line(fmt.Sprintf("%s:%s: %s", x.Suite, x.Scenario, said))
	}
	if different == 0 {
		line("no verdict differs from what the suites expect of the protocols that they name")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// load reads what the flags name, before anything is searched.
func (g *gate) load(ctx context.Context) (*reports.Baseline, *reports.Shard, error) {
	var shard *reports.Shard
	var err error
	if g.shard != "" {
		if shard, err = reports.ParseShard(g.shard); err != nil {
			return nil, nil, fmt.Errorf("--shard: %w", err)
		}
	}
	switch {
	case g.writeBaseline && g.baseline == "":
		return nil, nil, errors.New("--write-baseline needs --baseline FILE")
	case g.writeBaseline && shard != nil:
		return nil, nil, errors.New("--write-baseline needs all scenarios: merge the shards with lockproof report --merge")
	case g.writeBaseline || g.baseline == "":
		return nil, shard, nil
	}
	baseline, err := reports.LoadBaseline(ctx, g.baseline)
	return baseline, shard, err
}

// saveBaseline writes the known problems; with them the run passes.
func (a *app) saveBaseline(file string, r *reports.Report) error {
	b := reports.NewBaseline(r)
	if err := reports.SaveBaseline(file, b); err != nil {
		return err
	}
	fmt.Fprintf(a.stderr, "lockproof: %s lists %d known problems\n", file, len(b.Problems))
	if a.code == exitFinding {
		a.code = exitOK
		if r.Count().Unknown > 0 {
			a.code = exitLimit
		}
	}
	return nil
}

// repaired names the entries of the baseline that nothing needed, when all scenarios were run that
// could have.
func (a *app) repaired(g *gate, b *reports.Baseline, r *reports.Report) {
	for _, k := range b.Apply(r) {
		ran := false
		for i := range r.Results {
			x := &r.Results[i]
			ran = ran || x.Suite == k.Suite && x.Scenario == k.Scenario
		}
		if ran {
			fmt.Fprintf(a.stderr, "lockproof: %s: %s:%s is repaired: remove %s\n", g.baseline, k.Suite,
				k.Scenario, k.Fingerprint)
		}
	}
}

// texts lists the files of all suites.
func texts(scs []*scenarios.Scenario) []syntax.Source {
	var files []syntax.Source
	var last *scenarios.Suite
	for _, sc := range scs {
		if sc.Suite != last {
			files, last = append(files, sc.Suite.Texts()...), sc.Suite
		}
	}
	return files
}
