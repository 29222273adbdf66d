package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"strings"
	"time"
)

type options struct {
	patterns   []string
	list, json bool
	printing   bool
	seed       uint64
	sample     int
	only       map[string]bool // that have not been found
	wanted     map[string]bool // as given
	resume     string
	again      bool
	tests      []string
	skip       string
	timeout    time.Duration
	parallel   int
	together   bool
	memory     uint64 // MiB
	equivalent string
	atLeast    float64
}

const usage = `usage: go run ./cmd/mutants [flags] PACKAGE...

Makes small mistakes in packages, one at a time, runs the tests against each, and says which mistakes
no test notices. The work tree is not touched.

`

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	fs := flag.NewFlagSet("mutants", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprint(stderr, usage)
		fs.PrintDefaults()
	}
	fs.BoolVar(&o.list, "list", false, "list the mutants, run nothing")
	fs.BoolVar(&o.json, "json", false, "print JSON")
	fs.BoolVar(&o.printing, "printing", false, "change what only makes text as well")
	fs.Uint64Var(&o.seed, "seed", 1, "of the sample")
	fs.IntVar(&o.sample, "sample", 0, "how many mutants of each package; 0: all")
	only := fs.String("only", "", "the `IDs` of the mutants to run, with commas between them")
	fs.StringVar(&o.resume, "resume", "", "a `FILE` of results, to which a run that was cut is added")
	fs.BoolVar(&o.again, "again", false,
		"try the survivors in the --resume file again, and first the tests without a mutant")
	tests := fs.String("tests", "", "the `packages` whose tests are run, in this order, with commas between them")
	fs.StringVar(&o.skip, "skip", "", "a `regexp` of tests that are not run: those that do not depend on the package")
	fs.DurationVar(&o.timeout, "timeout", 0, "of the tests of a package; 0: from how long they take without a mutant")
	fs.IntVar(&o.parallel, "parallel", 1, "how many mutants at once")
	fs.BoolVar(&o.together, "together", false,
		"build all mutants of a package at once, and run each by a variable of the environment")
	fs.Uint64Var(&o.memory, "memory", 6000, "how much address space a process may have, in `MiB`; 0: no bound")
	fs.StringVar(&o.equivalent, "equivalent", "", "a `FILE` of known equivalent mutants instead of the built-in one")
	fs.Float64Var(&o.atLeast, "at-least", 0, "exit with 1 if less than this `percentage` of a package is noticed")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	o.patterns = fs.Args()
	o.only = words(*only)
	o.wanted = maps.Clone(o.only)
	if *tests != "" {
		o.tests = strings.Split(*tests, ",")
	}
	switch {
	case len(o.patterns) == 0:
		return nil, errors.New("no package is named")
	case o.sample < 0:
		return nil, errors.New("--sample is negative")
	case o.parallel < 1:
		return nil, errors.New("--parallel is less than 1")
	case o.timeout < 0:
		return nil, errors.New("--timeout is negative")
	case o.again && o.resume == "":
		return nil, errors.New("--again needs a --resume file")
	case o.atLeast < 0 || o.atLeast > 100:
		return nil, errors.New("--at-least is no percentage")
	}
	return o, nil
}

func words(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.SplitSeq(list, ",") {
		if w != "" {
			set[w] = true
		}
	}
	return set
}
