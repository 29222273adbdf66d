package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/libvirt/eras"
	"github.com/lockproof/lockproof/model"
)

// A meter lints the commits of rows, or runs their suites in them.
type meter struct {
	o      *options
	repo   *tree.Repository
	suites *suites // nil: the rows are linted
	stderr io.Writer

	mu   sync.Mutex
	done int
}

// A lint is what came of one tree.
type lint struct {
	era    string
	tree   *tree.Tree
	result *typestate.Result
}

// all lints the rows, those of the same commit and the same paths together.
func (m *meter) all(ctx context.Context, rows []*row) error {
	var groups [][]*row
	for _, r := range rows {
		same := func(g []*row) bool { return g[0].Fix == r.Fix && slices.Equal(g[0].paths(), r.paths()) }
		if i := slices.IndexFunc(groups, same); i >= 0 {
			groups[i] = append(groups[i], r)
		} else {
			groups = append(groups, []*row{r})
		}
	}
	errs := make([]error, len(groups))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(m.o.jobs, len(groups)) {
		wg.Go(func() {
			for i := range next {
				errs[i] = m.group(ctx, groups[i])
				m.progress(len(groups), groups[i][0])
			}
		})
	}
	for i := range groups {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (m *meter) progress(of int, r *row) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done++
	if m.done == of || m.done%20 == 0 {
		fmt.Fprintf(m.stderr, "recall: %d of %d commits, last %s\n", m.done, of, r.ID)
	}
}

// paths are what is read of a commit for a row. Which era it is of is told by src/qemu.
func (r *row) paths() []string {
	if r.Detect != "intra" {
		return []string{"src"}
	}
	paths := []string{path.Dir(r.File), "src/conf", "src/hypervisor", "src/qemu"}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// group lints one commit and its parent.
func (m *meter) group(ctx context.Context, rows []*row) error {
	if ctx.Err() != nil {
		return nil
	}
	if m.suites != nil {
		for _, r := range rows {
			if err := m.show(ctx, r); err != nil {
				return fmt.Errorf("%s: %w", r.ID, err)
			}
		}
		return nil
	}
	before, err := m.load(ctx, rows, true)
	if err != nil {
		return fmt.Errorf("%s: %w", rows[0].ID, err)
	}
	if before == nil {
		return nil
	}
	after, err := m.load(ctx, rows, false)
	if err != nil {
		return fmt.Errorf("%s: %w", rows[0].ID, err)
	}
	for _, r := range rows {
		r.judge(before, after)
	}
	return nil
}

// load lints the tree of rows, before their fix or after; nil where neither the clone nor the
// patches have it.
func (m *meter) load(ctx context.Context, rows []*row, before bool) (*lint, error) {
	t, err := m.tree(ctx, rows[0], before)
	if err != nil || t == nil {
		return nil, err
	}
	l := &lint{tree: t}
	var c *typestate.Contract
	switch {
	case m.o.contract != "":
		text, err := os.ReadFile(m.o.contract)
		if err != nil {
			return nil, err
		}
		c, err = typestate.ParseContract(ctx, m.o.contract, []syntax.Source{{Name: m.o.contract, Text: text}},
			syntax.Options{})
		if err != nil {
			return nil, err
		}
	case m.o.era != "":
		e, err := eras.Named(m.o.era)
		if err != nil {
			return nil, err
		}
		c = e.Contract
	default:
		fits, err := eras.Of(t)
		if err != nil {
			return nil, err
		}
		if len(fits) > 0 && fits[0].Fits() {
			c = fits[0].Era.Contract
		}
	}
	if c != nil {
		l.era = c.Name
	}
	l.result, err = typestate.Check(ctx, t, typestate.Options{Contract: c, Workers: 1, Only: looked(t, rows)})
	return l, err
}

// looked are the functions of rows and those that call them; of inter rows those that name them, or
// others that do, however far away. What is found in these does not depend on others, but for the
// order of locks and for what is called back with a lock held: nil, all functions, where a row is
// about that.
func looked(t *tree.Tree, rows []*row) func(*tree.Function) bool {
	named := map[string]bool{}
	rounds := 1
	for _, r := range rows {
		if r.Class == model.LockOrder || r.Class == model.SelfDeadlock {
			return nil
		}
		for _, f := range r.Functions {
			named[f] = true
		}
		if r.Detect != "intra" {
			rounds = len(t.Files) + 1
		}
	}
	users, keep := users(t), map[*tree.Function]bool{}
	for _, file := range t.Files {
		for _, f := range file.Functions {
			keep[f] = named[f.Name]
		}
	}
	names := slices.Collect(maps.Keys(named))
	for ; rounds > 0 && len(names) > 0; rounds-- {
		var next []string
		for _, name := range names {
			for _, f := range users[name] {
				if !keep[f] {
					keep[f] = true
					next = append(next, f.Name)
				}
			}
		}
		names = next
	}
	return func(f *tree.Function) bool { return keep[f] }
}

// users are the functions that name another one, by its name.
func users(t *tree.Tree) map[string][]*tree.Function {
	defined := map[string]bool{}
	for _, file := range t.Files {
		for _, fn := range file.Functions {
			defined[fn.Name] = true
		}
	}
	users := map[string][]*tree.Function{}
	for _, file := range t.Files {
		for _, fn := range file.Functions {
			seen := map[string]bool{}
			syntax.Walk(fn.Body, func(n syntax.Node) bool {
				if id, ok := n.(*syntax.Ident); ok && defined[id.Name] && !seen[id.Name] {
					seen[id.Name] = true
					users[id.Name] = append(users[id.Name], fn)
				}
				return true
			})
		}
	}
	return users
}

func (m *meter) tree(ctx context.Context, r *row, before bool) (*tree.Tree, error) {
	revision := r.Fix
	if before {
		revision += "^"
	}
	if _, err := m.repo.Commit(ctx, revision); err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		return m.patched(ctx, r, before)
	}
	var paths []string
	for _, p := range r.paths() {
		has, err := m.repo.Has(ctx, revision, p)
		if err != nil {
			return nil, err
		}
		if has {
			paths = append(paths, p)
		}
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s has none of %s", revision, strings.Join(r.paths(), ", "))
	}
	return m.repo.Load(ctx, revision, paths...)
}

// judge compares what was found before and after the fix.
func (r *row) judge(before, after *lint) {
	r.Measured, r.Era = true, before.era
	own, others := r.findings(before)
	still, _ := r.findings(after)
	r.Before, r.After = texts(append(own, others...)), texts(still)
	r.Hit, r.Silent = len(own) > 0, len(still) == 0
	switch {
	case r.Hit && !r.Silent:
		r.Why = "still found at the fix"
	case r.Hit:
	case !r.defined(before.tree):
		r.Why = "no such function"
	case len(others) > 0:
		r.Why = "other findings there: " + kinds(others)
	default:
		r.Why = r.through(before)
	}
}

// findings lists those in the row's functions, of its class and of others.
func (r *row) findings(l *lint) (own, others []*typestate.Finding) {
	for i := range l.result.Findings {
		f := &l.result.Findings[i]
		switch {
		case !slices.Contains(r.Functions, f.Function):
		case f.Kind == r.Class:
			own = append(own, f)
		default:
			others = append(others, f)
		}
	}
	return own, others
}

func (r *row) defined(t *tree.Tree) bool {
	for _, f := range t.Files {
		for _, fn := range f.Functions {
			if slices.Contains(r.Functions, fn.Name) {
				return true
			}
		}
	}
	return false
}

// through says what else there is about a row that is missed: a finding whose path leads through
// its functions, or what was not understood in them.
func (r *row) through(l *lint) string {
	for i := range l.result.Findings {
		f := &l.result.Findings[i]
		in := func(name string) bool { return slices.Contains(r.Functions, name) }
		if slices.ContainsFunc(f.Path, func(s typestate.Step) bool { return in(s.Function) }) {
			return fmt.Sprintf("found in %s, by way of it: %s", f.Function, f.Kind)
		}
	}
	for i := range l.result.Gaps {
		if g := &l.result.Gaps[i]; slices.Contains(r.Functions, g.Function) {
			return "not understood: " + g.Reason
		}
	}
	return "nothing is found there"
}

func texts(fs []*typestate.Finding) []string {
	all := []string{}
	for _, f := range fs {
		all = append(all, fmt.Sprintf("%s: %s: %s [%s]", f.Pos, f.Severity, f.Message, f.Kind))
	}
	return all
}

func kinds(fs []*typestate.Finding) string {
	var names []string
	for _, f := range fs {
		names = append(names, string(f.Kind))
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}
