package scenarios

import (
	"context"
	"errors"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"github.com/lockproof/lockproof/csource/slice"
	"github.com/lockproof/lockproof/csource/syntax"
	csrc "github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// A Real is source that was not written for lockproof, of which functions run as threads: files and
// directories, or what a revision in git has of them.
type Real struct {
	Paths []string
	Git   string // a repository; "": the paths are files of this machine
	Rev   string // of it
	// Own are the helpers that the tree has of its own, in the place of the protocol's.
	Own []string

	roots  []location           // of a suite: the paths; nil: of a command line
	at     map[string]model.Pos // of a suite: where paths and helpers stand
	mu     sync.Mutex
	loaded *csrc.Tree
}

// Asked reports whether there is one.
func (r *Real) Asked() bool { return r != nil && (len(r.Paths) > 0 || r.Git != "") }

// Load reads the tree, once.
func (r *Real) Load(ctx context.Context) (t *csrc.Tree, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.loaded != nil:
		return r.loaded, nil
	case r.Git == "" && r.roots != nil:
		t, err = r.below(ctx)
	case r.Git == "":
		t, err = csrc.Load(ctx, r.Paths...)
	default:
		t, err = csrc.FromGit(ctx, r.Git, r.Rev, r.Paths...)
	}
	if err == nil {
		r.loaded = t
	}
	return t, err
}

// overReal is a suite of the protocol's helpers, for the functions of a tree.
func (q *Question) overReal(ctx context.Context) (*Suite, error) {
	h, err := q.realHelpers(ctx)
	if err != nil {
		return nil, err
	}
	return q.suiteOf(h), nil
}

func (q *Question) realHelpers(ctx context.Context) (*helpers, error) {
	if q.Protocol == "" {
		return nil, errors.New("functions of a tree need the protocol that they follow: --protocol NAME " +
			"(lockproof list shows the names)")
	}
	return q.helpers(ctx)
}

// suiteOf is a suite of helpers and the question's tree.
func (q *Question) suiteOf(h *helpers) *Suite {
	name := path.Base(filepath.ToSlash(q.Tree.Git))
	if q.Tree.Git == "" {
		name = path.Base(filepath.ToSlash(q.Tree.Paths[0]))
	}
	return &Suite{
		Name: suiteName(name), File: h.src.Name, Text: string(h.src.Text), files: h.at.tree,
		Pos:      model.Pos{File: h.src.Name, Line: 1},
		Protocol: h.name, Sources: []syntax.Source{h.src},
		origin: map[string]location{h.src.Name: h.at}, shelf: h.suite.shelf, flags: q.Args(), bare: true,
		real: q.Tree,
	}
}

// realScenario is the scenario of a question about functions of a tree.
func (q *Question) realScenario(ctx context.Context) (*Scenario, error) {
	s, err := q.overReal(ctx)
	if err != nil {
		return nil, err
	}
	if q.Threads == "" {
		return nil, errors.New("which functions of the tree run? --threads 'f(vm1), g(vm1) x2'")
	}
	return q.only(ctx, s, "threads", q.Threads)
}

// Slice is what is left of functions of the question's tree.
func (q *Question) Slice(ctx context.Context, functions []string) (*slice.Slice, error) {
	if !q.Tree.Asked() {
		return nil, errors.New("functions of which source? --tree PATH")
	}
	s, err := q.overReal(ctx)
	if err != nil {
		return nil, err
	}
	p := s.parser(ctx)
	c, err := s.parseWith(ctx, p)
	if err != nil {
		return nil, err
	}
	return q.Tree.slice(ctx, p, c.files, functions, nil)
}

// roots are the functions that threads of the suite run and its C does not define, and where.
func (s *Suite) roots(files []*syntax.File) ([]string, map[string]model.Pos) {
	have := declared(files)
	var roots []string
	at := map[string]model.Pos{}
	for _, sc := range s.Scenarios {
		for _, t := range sc.Threads {
			if _, ok := have[t.function].(*syntax.FuncDef); !ok && !slices.Contains(roots, t.function) {
				roots = append(roots, t.function)
				at[t.function] = t.functionPos
			}
		}
	}
	return roots, at
}

// slice cuts roots out of the tree. at is where they are asked for; it may be nil.
func (r *Real) slice(
	ctx context.Context, p *syntax.Parser, files []*syntax.File, roots []string, at map[string]model.Pos,
) (*slice.Slice, error) {
	t, err := r.Load(ctx)
	if err != nil {
		return nil, r.unread(ctx, err)
	}
	for _, name := range r.Own {
		if pos, ok := r.at[name]; ok {
			at[name] = pos
		}
	}
	return slice.Of(ctx, slice.Request{
		Protocol: files, Expand: p.Expanded, Tree: t, Roots: roots, Own: r.Own, At: at,
	})
}

// omitted is what the slice of the suite leaves out.
func (s *Suite) omitted(ctx context.Context) ([]model.Omission, error) {
	c, err := s.parsed.get(ctx, func() (*parsedC, error) { return s.parseC(ctx) })
	if err != nil {
		return nil, err
	}
	var list []model.Omission
	for _, n := range c.slice.Left {
		list = append(list, model.Omission{Pos: n.Pos, Text: n.Text})
	}
	return list, nil
}
