package scenarios

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/model"
)

// A Question is what a command line asks besides naming suites. Each field is as it was written.
type Question struct {
	Root     string         // the directory that suites may read; "": see [Load]
	Protocol string         // the helpers: a shipped protocol or a C file, in the place of that of a suite
	Tree     *Real          // real source of which functions run
	Threads  string         // of a C file or a tree: what runs at the same time, as in a suite
	Faults   []string       // of a C file or a tree: what may go wrong for every thread
	Races    Races          // of a C file: as in a suite
	Leaks    Leaks          // of a C file: as in a suite
	Fairness model.Fairness // of a C file: as in a suite
	Liveness model.Liveness // of a C file: as in a suite
}

// Resolve turns the arguments of a command into scenarios: each is a path to a suite, to a
// directory of suites or to a C file, or what [Find] takes; paths come last. Without arguments it
// is the whole library.
//
// With a protocol that is read in the place of the one that each suite names. A suite that does not
// fit it is an error; [Question.Replace] tells those that fit from the others.
func (q *Question) Resolve(ctx context.Context, refs []string) ([]*Scenario, error) {
	if q.Protocol == "" || q.Tree.Asked() || slices.ContainsFunc(refs, q.isC) {
		return q.asked(ctx, refs)
	}
	r, err := q.Replace(ctx, refs)
	if err != nil {
		return nil, err
	}
	for _, o := range r.Others {
		return nil, fmt.Errorf("%s", o)
	}
	return r.Scenarios, nil
}

// asked is Resolve without regard to the protocol of suites.
func (q *Question) asked(ctx context.Context, refs []string) ([]*Scenario, error) {
	if q.Tree.Asked() {
		if len(refs) > 0 {
			return q.ofSuites(ctx, refs)
		}
		sc, err := q.realScenario(ctx)
		if err != nil {
			return nil, err
		}
		return []*Scenario{sc}, nil
	}
	for _, ref := range refs {
		switch {
		case q.isC(ref) && len(refs) > 1:
			return nil, fmt.Errorf("%s: one C file is asked about at a time; it may #include others", ref)
		case q.isC(ref):
			sc, err := q.cFile(ctx, ref)
			if err != nil {
				return nil, err
			}
			return []*Scenario{sc}, nil
		}
	}
	if q.Threads != "" || len(q.Faults) > 0 {
		return nil, fmt.Errorf("--threads and --faults are for a C file: a suite says itself what runs and what may go wrong")
	}
	return named(ctx, q.Root, refs)
}

// ofSuites asks suites about a tree that lies elsewhere than they say.
func (q *Question) ofSuites(ctx context.Context, refs []string) ([]*Scenario, error) {
	switch {
	case slices.ContainsFunc(refs, q.isC):
		return nil, fmt.Errorf("%s: a question about a tree has no C file beside it", refs[0])
	case q.Threads != "" || len(q.Faults) > 0:
		return nil, fmt.Errorf(
			"%s: a suite says itself what runs and what may go wrong: leave out --threads and --faults", refs[0])
	case q.Protocol != "":
		return nil, fmt.Errorf("%s: a suite with a tree names its protocol itself: leave out --protocol", refs[0])
	}
	scs, err := named(ctx, q.Root, refs)
	if err != nil {
		return nil, err
	}
	return scs, q.elsewhere(scs)
}

// isC reports whether an argument is a C file. What a shell hands over is one when threads are
// named.
func (q *Question) isC(ref string) bool {
	ext := path.Ext(ref)
	return ext == ".c" || ext == ".h" || q.Threads != "" && files.IsDescriptor(ref)
}

// Args are the flags that ask the question again.
func (q *Question) Args() []string {
	var args []string
	add := func(flag, value string) {
		if value != "" {
			args = append(args, flag, value)
		}
	}
	if q.Tree.Asked() {
		for _, p := range q.Tree.Paths {
			add("--tree", p)
		}
		if add("--git", q.Tree.Git); q.Tree.Git != "" {
			add("--rev", q.Tree.Rev)
		}
		add("--own", strings.Join(q.Tree.Own, ","))
	}
	add("--threads", q.Threads)
	add("--protocol", q.Protocol)
	add("--faults", strings.Join(q.Faults, ","))
	add("--races", string(q.Races))
	add("--leaks", string(q.Leaks))
	add("--fairness", string(q.Fairness))
	add("--liveness", string(q.Liveness))
	add("--root", q.Root)
	return args
}
