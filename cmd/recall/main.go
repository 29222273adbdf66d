// Recall measures the linter on bugs that libvirt has fixed: how many it finds in the commit before
// the fix, and about how many of these it is silent in the fix.
//
//	go run ./cmd/recall --tsv bugs.tsv --git LIBVIRT
//	go run ./cmd/recall --tsv bugs.tsv --tsv more.tsv --git LIBVIRT --class job-leak --detect intra --json recall.json
//	go run ./cmd/recall --tsv bugs.tsv --git LIBVIRT --id LV084,LV087 --verbose
//
// A bug is a row of a table with the columns id, fix_sha, class, detect, file and functions, the
// last one a list with commas. It is found when a finding of its class stands in one of its
// functions at fix_sha^; the linter is silent when none does at fix_sha. Both are linted with the
// contract of the era that the tree is of, or with --contract. Rows marked inter are linted with
// the whole of src/, the others with the folder of their file, src/conf, src/hypervisor, and
// src/qemu, which tells the era. Of rows marked interleaving nothing is asked unless --detect names
// them.
//
// Rows whose commit the clone does not have are measured on a tree of files (--tree) with a series
// of patches (--patches), as a distribution has them, if one of them names the commit or has its
// subject.
//
// --verbose prints all findings in the functions of a row. What two commits share is parsed once.
//
// With --suites, bugs that only an interleaving shows are measured by suites, DIR/ID.yaml: their
// scenarios run functions of the tree at fix_sha^ and at fix_sha. A bug is found when each verdict
// at fix_sha^ is the one that its scenario expects, which for some is a finding and for others, one
// thread of them alone, ok; the suite is silent when all verdicts at fix_sha are ok. A row without
// a suite is not measured, and DIR/unshown.tsv says why.
//
//	go run ./cmd/recall --tsv bugs.tsv --git LIBVIRT --suites cmd/recall/testdata/interleavings
//
// Exit code: 0; 1 if --at-least is given and less is found; 2 for bad usage or input; 3 when
// interrupted.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/lockproof/lockproof/csource/tree"
)

// The exit codes.
const (
	exitOK = iota
	exitBelow
	exitBad
	exitCut
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the flags.
type options struct {
	tables, classes, detects, ids list
	git, contract, era, json      string
	patches, tree, suites         string
	jobs                          int
	verbose                       bool
	atLeast                       float64
}

// A list is a flag that may be given several times, or with commas.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(s string) error {
	*l = append(*l, strings.Split(s, ",")...)
	return nil
}

func (l list) has(s string) bool {
	for _, x := range l {
		if x == s {
			return true
		}
	}
	return false
}

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("recall", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Var(&o.tables, "tsv", "table of bugs; may be given several times")
	f.StringVar(&o.git, "git", "", "libvirt's git repository")
	f.Var(&o.classes, "class", "only bugs of this class")
	f.Var(&o.detects, "detect", "only bugs that are found at this level (default intra and inter)")
	f.Var(&o.ids, "id", "only these bugs")
	f.StringVar(&o.era, "era", "", "the contract to lint with (default: that of the tree)")
	f.StringVar(&o.contract, "contract", "", "a file of C to lint with, instead of an era's")
	f.StringVar(&o.patches, "patches", "", "folder with patches and their series")
	f.StringVar(&o.tree, "tree", "", "source tree to which the patches belong, none of them applied")
	f.StringVar(&o.suites, "suites", "", "folder with a suite for each bug, to run in the place of the linter")
	f.StringVar(&o.json, "json", "", "file for the rows as JSON")
	f.IntVar(&o.jobs, "jobs", runtime.GOMAXPROCS(0), "how many commits to lint side by side")
	f.BoolVar(&o.verbose, "verbose", false, "print all findings in the functions of each row")
	f.Float64Var(&o.atLeast, "at-least", 0, "exit with 1 if less than this percentage is found")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	switch {
	case f.NArg() > 0:
		return nil, fmt.Errorf("%q is too much", f.Arg(0))
	case len(o.tables) == 0:
		return nil, errors.New("--tsv is missing")
	case o.git == "":
		return nil, errors.New("--git is missing")
	case (o.patches == "") != (o.tree == ""):
		return nil, errors.New("--patches and --tree belong together")
	case o.suites != "" && (o.patches != "" || o.era != "" || o.contract != ""):
		return nil, errors.New("--suites asks nothing of the linter: leave out --patches, --era and --contract")
	case o.era != "" && o.contract != "":
		return nil, errors.New("--era and --contract cannot both be given")
	case o.jobs < 1:
		return nil, errors.New("--jobs must be at least 1")
	}
	if len(o.detects) == 0 && len(o.ids) == 0 {
		o.detects = list{"intra", "inter"}
		if o.suites != "" {
			o.detects = list{"interleaving"}
		}
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	var a *answers
	if err == nil {
		a, err = measure(ctx, o, stderr)
	}
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "recall: interrupted")
		return exitCut
	case err != nil:
		fmt.Fprintln(stderr, "recall:", err)
		return exitBad
	}
	a.write(stdout, o.verbose)
	if o.json != "" {
		text, err := json.MarshalIndent(a, "", "  ")
		if err == nil {
			err = os.WriteFile(o.json, append(text, '\n'), 0o644)
		}
		if err != nil {
			fmt.Fprintln(stderr, "recall:", err)
			return exitBad
		}
	}
	if all := a.sum(func(*row) bool { return true }); all.percent() < o.atLeast {
		fmt.Fprintf(stderr, "recall: %.1f %% are found, %.1f %% are asked for\n", all.percent(), o.atLeast)
		return exitBelow
	}
	return exitOK
}

// measure lints all rows that are asked for.
func measure(ctx context.Context, o *options, stderr io.Writer) (*answers, error) {
	var rows []*row
	for _, name := range o.tables {
		more, err := readRows(name)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	var s *suites
	if o.suites != "" {
		var err error
		if s, err = openSuites(o.suites, rows); err != nil {
			return nil, err
		}
	}
	rows = o.choose(rows)
	if len(rows) == 0 {
		return nil, errors.New("no row of the tables is asked for")
	}
	repo, err := tree.Open(ctx, o.git)
	if err != nil {
		return nil, err
	}
	defer repo.Close()
	m := &meter{o: o, repo: repo, suites: s, stderr: stderr}
	if err := m.all(ctx, rows); err != nil {
		return nil, err
	}
	return &answers{Rows: rows}, nil
}
