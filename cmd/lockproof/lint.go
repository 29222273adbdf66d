package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lockproof/lockproof/checker/lint"
	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/libvirt/eras"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/reports/folder"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

// A linter is what lint is asked for.
type linter struct {
	app            *app
	format         string
	out            string
	git, rev, diff string
	paths          []string // in the repository
	era, contract  string
	verbose        bool
	gate           gate
	show           showing
	timeout        time.Duration
	macros         []syntax.Macro // of the contract
}

func (a *app) lint() *cobra.Command {
	l := &linter{app: a, format: string(textFormat)}
	cmd := &cobra.Command{
		Use:   "lint [PATH]...",
		Short: "Find protocol bugs in C source that is not run",
		Long: `lint reads C files as they are, without headers or a build, and says on which path a lock, a job, a monitor or a reference
is taken and not given back, given back without having it, or needed and missing. A finding names where it began, where the rule is
broken, and the path between them.

The source is that of the paths, or a revision of a git repository (--git, --rev), of which nothing is checked out or run. With --diff
only what the change brings is told, and what it removes: findings are compared by function, kind and message, not by line.

The rules are those of libvirt's protocol of the era that the source is of, which its helpers tell (--era names another), or those of
a contract of your own (--contract): a C file with the helpers and their preconditions. lockproof explain KIND says what a kind of
finding means. A comment takes a finding back: /* lockproof: ignore KIND: reason */

--pairs runs functions instead, two at a time, and tells what only an interleaving shows: it is lockproof pairs.

--verbose lists what was not understood. --out writes a page with the source beside each path, and JSON, SARIF and JUnit. --baseline
names a file of known problems: only others fail; --write-baseline writes that file.

Exit code: 0 no error and no warning; 1 a finding; 2 bad input or usage; 3 stopped by --timeout or a signal.`,
		Example: `  lockproof lint src/
  lockproof lint --git libvirt --rev v9.0.0 --path src/qemu
  lockproof lint --git . --diff origin/master..HEAD
  lockproof lint --contract locks.c block/ --out report/`,
	}
	f := cmd.Flags()
	f.Var((*lintFormat)(&l.format), "format", "how to write the result")
	f.StringVar(&l.out, "out", "", "directory for the report in all formats, written when all is done")
	f.StringVar(&l.git, "git", "", "a git repository to read (default with --rev or --diff: the working directory)")
	f.StringVar(&l.rev, "rev", "", "the revision to read (default: HEAD)")
	f.StringVar(&l.diff, "diff", "", "two revisions, A..B: tell only what B has and A has not")
	f.StringArrayVar(&l.paths, "path", nil,
		"what to read of the revision; may be given several times (default: src if there is one, else all)")
	f.StringVar(&l.era, "era", "", "hold the source to libvirt's protocol of this era")
	f.StringVar(&l.contract, "contract", "", "hold the source to the helpers of this C file")
	f.BoolVar(&l.verbose, "verbose", false, "list what was not understood")
	f.StringVar(&l.gate.baseline, "baseline", "", "file of known problems, which do not fail")
	f.BoolVar(&l.gate.writeBaseline, "write-baseline", false, "write the file of --baseline from what is found, and pass")
	f.DurationVar(&l.timeout, "timeout", 0, "stop after this time")
	l.show.add(f)
	pairs := pairsFlags(f)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *pairs {
			return a.pairsAlias(cmd, args)
		}
		if err := withoutPairs(cmd.Flags()); err != nil {
			return err
		}
		return l.run(cmd.Context(), args)
	}
	return cmd
}

// lintFormat is --format of lint.
type lintFormat format

const sarifFormat format = "sarif"

func (f *lintFormat) String() string { return string(*f) }
func (f *lintFormat) Type() string   { return "text|json|sarif" }

func (f *lintFormat) Set(s string) error {
	if !slices.Contains([]format{textFormat, jsonFormat, sarifFormat}, format(s)) {
		return errors.New("the formats are text, json and sarif")
	}
	*f = lintFormat(s)
	return nil
}

// check refuses flags that do not go together.
func (l *linter) check(args []string) error {
	inGit := l.git != "" || l.rev != "" || l.diff != ""
	switch {
	case inGit && len(args) > 0:
		const text = "%q is a path of the working directory: with --git, --rev and --diff paths are named by --path"
		return fmt.Errorf(text, args[0])
	case !inGit && len(args) == 0:
		return errors.New("lockproof lint needs a PATH, or --git REPOSITORY (see lockproof lint --help)")
	case !inGit && len(l.paths) > 0:
		return errors.New("--path is about a revision: it needs --git, --rev or --diff")
	case l.rev != "" && l.diff != "":
		return errors.New("--rev and --diff cannot both be given")
	case l.era != "" && l.contract != "":
		return errors.New("--era and --contract cannot both be given")
	}
	if inGit && l.git == "" {
		l.git = "."
	}
	return l.show.check()
}

func (l *linter) run(ctx context.Context, args []string) error {
	if err := l.check(args); err != nil {
		return err
	}
	if l.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, l.timeout)
		defer cancel()
	}
	baseline, _, err := l.gate.load(ctx)
	if err != nil {
		return err
	}
	contract, err := l.ownContract(ctx)
	if err != nil {
		return err
	}
	defer collectLess()()
	var out *folder.Output
	if l.out != "" {
		if out, err = folder.NewOutput(l.out); err != nil {
			return err
		}
		defer out.Close()
	}
	report := newReport()
	report.Lint = &reports.Lint{}
	began := time.Now()
	p := l.app.progress(l.show, 0)
	if l.git != "" {
		err = l.revisions(ctx, report, contract, p)
	} else {
		err = l.files(ctx, report, contract, p, args)
	}
	p.Clear()
	if err != nil {
		return err
	}
	report.Lint.ElapsedMS = time.Since(began).Milliseconds()
	repaired := baseline.Apply(report)
	l.app.code = exitCode(report)
	if err := l.write(report); err != nil {
		return err
	}
	if l.gate.writeBaseline {
		err = l.app.saveBaseline(l.gate.baseline, report)
	} else if l.diff == "" {
		for _, k := range repaired {
			if k.Suite == "" {
				fmt.Fprintf(l.app.stderr, "lockproof: %s: %s in %s is repaired: remove %s\n",
					l.gate.baseline, k.Kind, k.Place, k.Fingerprint)
			}
		}
	}
	if out != nil {
		err = errors.Join(err, out.Write(report))
	}
	return err
}

// collectedAt is up to where memory is taken rather than looked through for garbage: trees and
// summaries live to the end, so most of it is looked through in vain.
const collectedAt = 800 << 20

// collectLess makes garbage collections rare, as far as the environment says nothing of them, until
// what it returns is called.
func collectLess() (restore func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	percent, limit := debug.SetGCPercent(800), debug.SetMemoryLimit(collectedAt)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// write writes the report to stdout.
func (l *linter) write(r *reports.Report) error {
	switch format(l.format) {
	case jsonFormat:
		return formats.WriteJSON(l.app.data, r)
	case sarifFormat:
		return formats.WriteSARIF(l.app.data, r)
	}
	return terminal.WriteLint(l.app.stdout, r, l.app.style())
}

// files lints what lies in the file system.
func (l *linter) files(
	ctx context.Context, r *reports.Report, c *typestate.Contract, p *terminal.Progress, args []string,
) error {
	r.Lint.Of = strings.Join(args, " ")
	p.Update(terminal.Stage{Phase: "read"})
	t, err := tree.LoadWith(ctx, l.macros, args...)
	if err != nil {
		return err
	}
	return l.whole(ctx, r, t, c, p)
}

// whole lints all of a tree.
func (l *linter) whole(
	ctx context.Context, r *reports.Report, t *tree.Tree, c *typestate.Contract, p *terminal.Progress,
) error {
	c, err := l.fitting(r, fitOf(t, c), p)
	if err != nil {
		return err
	}
	p.Update(lintStage(t))
	found, err := lint.Check(ctx, t, typestate.Options{Contract: c})
	if err != nil {
		return err
	}
	answers.AddLint(r, t, found, nil, l.verbose)
	return quoteTree(r, t)
}

// lintStage is the progress of linting a tree.
func lintStage(t *tree.Tree) terminal.Stage {
	return terminal.Stage{Phase: "lint", Counts: []terminal.Count{{Name: "functions", Value: int64(t.Functions())}}}
}

// revisions lints one revision, or compares two.
func (l *linter) revisions(ctx context.Context, r *reports.Report, c *typestate.Contract, p *terminal.Progress) error {
	repo, err := tree.Open(ctx, l.git)
	if err != nil {
		return err
	}
	defer repo.Close()
	repo.Macros = l.macros
	before, after := "", l.rev
	if after == "" {
		after = "HEAD"
	}
	if l.diff != "" {
		var ok bool
		before, after, ok = strings.Cut(l.diff, "..")
		if !ok || before == "" || after == "" || strings.HasPrefix(after, ".") {
			return fmt.Errorf("--diff: %q is not A..B", l.diff)
		}
	}
	r.Lint.Of = l.git + " " + after
	t, err := l.load(ctx, repo, after, p)
	if err != nil {
		return err
	}
	if before == "" {
		return l.whole(ctx, r, t, c, p)
	}
	r.Lint.Before = before
	o, err := l.load(ctx, repo, before, p)
	if err != nil {
		return err
	}
	was, is := &typestate.Side{Tree: o}, &typestate.Side{Tree: t}
	sides := []*typestate.Side{was, is}
	var fitting sync.WaitGroup
	fits := make([]fit, len(sides))
	for i, s := range sides {
		fitting.Go(func() { fits[i] = fitOf(s.Tree, c) })
	}
	fitting.Wait()
	for i, s := range sides {
		if s.Contract, err = l.fitting(r, fits[i], p); err != nil {
			return err
		}
	}
	p.Update(lintStage(t))
	old, found, err := lint.Diff(ctx, was, is, typestate.Options{})
	if err != nil {
		return err
	}
	change := lint.Compare(old, found)
	answers.AddLint(r, t, found, &change, l.verbose)
	return quoteTree(r, t)
}

// load reads what is asked for of a revision.
func (l *linter) load(
	ctx context.Context, repo *tree.Repository, revision string, p *terminal.Progress,
) (*tree.Tree, error) {
	p.Update(terminal.Stage{Phase: "read " + revision})
	paths, err := l.under(ctx, repo, revision)
	if err != nil {
		return nil, err
	}
	return repo.Load(ctx, revision, paths...)
}

// under are the paths to read of a revision.
func (l *linter) under(ctx context.Context, repo *tree.Repository, revision string) ([]string, error) {
	if len(l.paths) > 0 {
		return l.paths, nil
	}
	has, err := repo.Has(ctx, revision, "src")
	if err != nil || !has {
		return nil, err
	}
	return []string{"src"}, nil
}

// A fit is a contract for a tree: the one that was asked for, or else that of its era. Where no era
// fits there may be one that is near.
type fit struct {
	contract *typestate.Contract
	near     *eras.Match
	err      error
}

func fitOf(t *tree.Tree, c *typestate.Contract) fit {
	if len(t.Files) == 0 {
		return fit{err: errors.New("there are no C files there")}
	}
	if c != nil {
		return fit{contract: c}
	}
	fits, err := eras.Of(t)
	switch {
	case err != nil || len(fits) == 0:
		return fit{err: err}
	case fits[0].Fits():
		return fit{contract: fits[0].Era.Contract}
	}
	return fit{near: &fits[0]}
}

// fitting notes the contract to which a tree is held, and says so if there is none.
func (l *linter) fitting(r *reports.Report, f fit, p *terminal.Progress) (*typestate.Contract, error) {
	if m := f.near; m != nil {
		p.Clear()
		fmt.Fprintf(l.app.stderr, "lockproof: no era fits: %s, the nearest, has %d of its %d helpers in common "+
			"with the source (--era %s takes it all the same)\n",
			m.Era.Name, m.Common, m.Of, m.Era.Name)
	}
	if c := f.contract; c != nil && !slices.Contains(r.Lint.Contracts, c.Name) {
		r.Lint.Contracts = append(r.Lint.Contracts, c.Name)
	}
	return f.contract, f.err
}

// quoteTree quotes the lines to which the report points.
func quoteTree(r *reports.Report, t *tree.Tree) error {
	byName := map[string]*tree.File{}
	for _, f := range t.Files {
		byName[f.Name] = f
	}
	var all []syntax.Source
	for _, name := range r.Named() {
		f := byName[name]
		if f == nil {
			continue
		}
		text, err := t.Text(f)
		if err != nil {
			return err
		}
		all = append(all, syntax.Source{Name: name, Text: text})
	}
	r.Quote(all)
	return nil
}

// ownContract is what --era or --contract asks for; nil when neither does.
func (l *linter) ownContract(ctx context.Context) (*typestate.Contract, error) {
	switch {
	case l.era != "":
		e, err := eras.Named(l.era)
		if err != nil {
			return nil, fmt.Errorf("--era: %w", err)
		}
		return e.Contract, nil
	case l.contract == "":
		return nil, nil
	}
	text, err := files.ReadGiven(ctx, l.contract, maxContract)
	if err != nil {
		return nil, fmt.Errorf("--contract: %w", err)
	}
	src := syntax.Source{Name: filepath.ToSlash(filepath.Clean(l.contract)), Text: text}
	opt := syntax.Options{Include: beside(ctx), Shipped: shippedHeader}
	c, err := typestate.ParseContract(ctx, src.Name, []syntax.Source{src}, opt)
	if err != nil {
		return nil, err
	}
	p := syntax.NewParser(ctx, opt)
	p.Parse(src)
	l.macros = p.Defined()
	return c, p.Err()
}

// maxContract bounds a file of a contract.
const maxContract = 4 << 20

// beside finds what a contract includes, in its own directory or below.
func beside(ctx context.Context) func(model.Pos, string) (syntax.Source, error) {
	return func(from model.Pos, name string) (syntax.Source, error) {
		if !filepath.IsLocal(name) {
			return syntax.Source{}, errors.New("it does not lie beside the contract")
		}
		full := path.Join(path.Dir(from.File), name)
		text, err := files.ReadGiven(ctx, full, maxContract)
		return syntax.Source{Name: full, Text: text}, err
	}
}

// shippedHeader finds a file of the shipped protocols: #include <lockproof/qemu.h>.
func shippedHeader(name string) (syntax.Source, bool, error) {
	base, ours := strings.CutPrefix(name, "lockproof/")
	if !ours {
		return syntax.Source{}, false, nil
	}
	for _, p := range scenarios.Protocols() {
		for _, f := range p.Files {
			if path.Base(f.Name) == base {
				return f, true, nil
			}
		}
	}
	return syntax.Source{}, true, errors.New("lockproof has no such file")
}
