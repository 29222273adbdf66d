package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	csrc "github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// real notes the source of which functions of a suite's threads are cut: `tree` and `own`.
func (d *decoder) real(s *Suite, m map[string]*node) {
	n, own := m["tree"], m["own"]
	if n == nil {
		if own != nil {
			d.ds.Add(own.pos, "own names helpers of a tree, and the suite has none", "add tree: PATH")
		}
		return
	}
	r := &Real{at: map[string]model.Pos{}}
	paths := []*node{n}
	if n.kind == list {
		paths = d.nonEmpty(n, "tree")
	}
	for _, p := range paths {
		if name := d.text(p); name != "" {
			d.root(r, p, name)
		}
	}
	for _, o := range d.list(own) {
		if name := d.text(o); name != "" {
			r.Own, r.at[name] = append(r.Own, name), o.pos
		}
	}
	s.real = r
}

// root notes a path of `tree`. Whether it is there is asked when somebody reads it, for a command
// line may name the repository that has it.
func (d *decoder) root(r *Real, n *node, name string) {
	if slices.Contains(r.Paths, name) {
		d.ds.Add(n.pos, name+" is named twice", "")
		return
	}
	l, err := d.at.beside(name)
	if err != nil {
		d.ds.Add(n.pos, err.Error(), "a tree elsewhere is named by --tree PATH or --git REPOSITORY --rev REVISION")
		return
	}
	r.Paths, r.roots, r.at[name] = append(r.Paths, name), append(r.roots, l), n.pos
}

// below reads the tree of a suite.
func (r *Real) below(ctx context.Context) (*csrc.Tree, error) {
	var ds syntax.Diagnostics
	var roots []csrc.Root
	for i, l := range r.roots {
		if _, err := l.tree.files.Stat(l.path); err != nil {
			ds.Add(r.at[r.Paths[i]], missing(l, err), "--git REPOSITORY --rev REVISION and --tree PATH read it from elsewhere")
		}
		shown := func(p string) string { return location{l.tree, p}.name() }
		roots = append(roots, csrc.Root{Files: l.tree.files, Path: l.path, Name: shown})
	}
	if err := ds.Err(); err != nil {
		return nil, err
	}
	return csrc.Below(ctx, roots...)
}

// missing says why a path of a suite's tree cannot be read.
func missing(l location, err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "no such file or directory: " + l.name()
	}
	return l.name() + ": " + cmp.Or(errors.Unwrap(err), err).Error()
}

// unread is the error of a tree that cannot be read, where the suite names it.
func (r *Real) unread(ctx context.Context, err error) error {
	var ds syntax.Diagnostics
	if r.roots == nil || ctx.Err() != nil || errors.As(err, &ds) {
		return fmt.Errorf("the tree: %w", err)
	}
	ds.Add(r.at[r.Paths[0]], "the tree: "+err.Error(), "")
	return ds.Err()
}

// from is the tree of a suite, read from where a command line says: the same paths in a revision of
// a repository, or other paths.
func (r *Real) from(asked *Real) *Real {
	x := &Real{
		Paths: r.Paths, Git: asked.Git, Rev: asked.Rev, Own: r.Own, at: r.at,
	}
	if len(asked.Paths) > 0 {
		x.Paths = asked.Paths
	}
	if len(asked.Own) > 0 {
		x.Own = asked.Own
	}
	return x
}

// elsewhere lets scenarios of suites read their trees from where a command line says.
func (q *Question) elsewhere(scs []*Scenario) error {
	var ds syntax.Diagnostics
	read := map[*Suite]bool{}
	for _, sc := range scs {
		s := sc.Suite
		switch {
		case read[s]:
		case s.real == nil:
			text := fmt.Sprintf("suite %s takes nothing from a tree", s.Name)
			ds.Add(s.Pos, text, "add tree: PATH, or leave out --tree and --git")
		default:
			s.real, s.flags = s.real.from(q.Tree), q.Args()
		}
		read[s] = true
	}
	return ds.Err()
}
