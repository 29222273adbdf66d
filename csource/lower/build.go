package lower

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A program is closed over all values of its variables as long as it has no more outcomes and
// values than these. What goes beyond follows what is reached: see [explorer].
const (
	eagerOutcomes = 1 << 13
	eagerValues   = 64
)

// Limits of a program that follows what is reached.
const (
	maxValues = 1 << 16 // of one shared variable; a step that would add one ends in "unknown"
	maxBytes  = 1 << 30
)

// Program builds the program in which the given threads run together. The error is of type
// [syntax.Diagnostics], or says which limit of ctx, or of opt, was hit.
func (u *Unit) Program(ctx context.Context, threads []Thread, opt Options) (*model.Program, error) {
	own := *u
	own.meter, own.diags, own.guesses = meter.New(ctx).AtMost(opt.Work), nil, 0
	p, err := own.program(threads, opt)
	switch {
	case own.meter.Err() != nil:
		return nil, own.meter.Err()
	case err != nil:
		return nil, err
	}
	return p, nil
}

// program builds a program; when the meter has stopped, what it returns is of no use.
func (u *Unit) program(threads []Thread, opt Options) (*model.Program, error) {
	w := u.world.forProgram(u, len(threads))
	args := u.arguments(w, threads)
	if len(threads) > model.MaxThreads {
		u.errorf(threads[model.MaxThreads].Pos, "%d threads are more than %d", len(threads), model.MaxThreads)
	}
	if err := u.diags.Err(); err != nil {
		return nil, err
	}
	held := u.meter.Held()
	p := newAssembly(w, threads, args, opt, false, true)
	if p.settle(); p.differ {
		u.meter.Take(int(held - u.meter.Held()))
		p = newAssembly(w, threads, args, opt, false, false)
		p.settle()
	}
	if p.large {
		u.meter.Take(int(held - u.meter.Held()))
		s := &source{
			world: w, threads: threads, args: args, opt: opt, share: !p.differ,
			budget: cmp.Or(opt.budget, firstBudget),
		}
		return s.program()
	}
	if err := p.wrong().Err(); err != nil || p.hopeless {
		return nil, err
	}
	return p.finish(), nil
}

// Bytes is about how much memory a program takes.
func Bytes(p *model.Program) int64 {
	bytes := int64(0)
	for t := range p.Threads {
		for i := range p.Threads[t].Nodes {
			bytes += int64(nodeBytes(&p.Threads[t].Nodes[i]))
		}
	}
	return bytes
}

// arguments evaluates the arguments of all threads.
func (u *Unit) arguments(w *world, threads []Thread) [][]value {
	args := make([][]value, len(threads))
	for i, t := range threads {
		f := u.functions[t.Function]
		if f == nil {
			u.hintf(t.Pos, u.nearest(t.Function, maps.Keys(u.functions)), "unknown function %s", t.Function)
			continue
		}
		if len(t.Args) != len(f.params) {
			hint := ""
			if t.Function == "main" {
				hint = "let main take nothing: int main(void)"
			}
			u.hintf(t.Pos, hint, "%s takes %s, not %d: it is defined at %s", t.Function, plural(len(f.params), "argument"),
				len(t.Args), f.pos)
			continue
		}
		for j, a := range t.Args {
			if f.params[j].isObject() {
				u.errorf(a.Pos, "%s takes %s by value, and the arguments of threads are numbers and pointers: it is defined at %s",
					t.Function, f.params[j], f.pos)
			}
			args[i] = append(args[i], w.argument(a, f.params[j], t.Function, j))
		}
	}
	return args
}

// assembly is a program in the making: nodes name locks, conditions and variables by order of
// creation.
type assembly struct {
	*world
	facts   *facts
	opt     Options
	threads []*thread // by thread of the program; equal ones share one
	todo    []point
	refused int // places without an end; see refuse
	program model.Program
	paths   paths
	// hopeless says that a limit was hit which more work cannot mend.
	hopeless bool
	// differ says that threads which look equal are not: they ask for their numbers.
	differ bool
	// open says that outcomes are made for values that are known to be met, and no others.
	open     bool
	eager    int // how many outcomes may be made without that
	outcomes int
	large    bool             // there would be more, or an open program takes too much memory
	children map[string]*pool // threads that threads start: see child
	// How the program that was made last calls locks and variables.
	locksUsed, varsUsed []int32
}

func newAssembly(w *world, threads []Thread, args [][]value, opt Options, open, share bool) *assembly {
	p := &assembly{world: w, opt: opt, open: open, eager: eagerOutcomes, children: map[string]*pool{}}
	p.facts = newFacts(eagerValues, p.again)
	if opt.Open {
		p.eager = 0
	}
	if open {
		p.facts = newFacts(maxValues, p.again)
	}
	for i, spec := range threads {
		t := p.equal(spec, args[i])
		if t == nil || !share {
			t = newThread(p, i+1, spec, args[i])
		}
		t.specs = append(t.specs, spec)
		p.threads = append(p.threads, t)
	}
	p.cuts()
	p.lefts()
	p.facts.several.assigned = len(threads) > 1
	return p
}

// equal finds a thread that does the same.
func (p *assembly) equal(spec Thread, args []value) *thread {
	for _, t := range p.threads {
		if t.spec.Function == spec.Function && t.spec.Loop == spec.Loop && t.spec.Faults == spec.Faults &&
			t.spec.Restarts == spec.Restarts &&
			t.name == threadName(spec) &&
			slices.Equal(t.args, args) {
			return t
		}
	}
	return nil
}

// again puts a place on the list of those to be worked on. Those of an open program wait until
// somebody comes there.
func (p *assembly) again(at point) {
	if p.open {
		return
	}
	if s := at.t.spot(at.node); !s.queued {
		s.queued = true
		p.todo = append(p.todo, at)
	}
}

// settle works until nothing is new: every node has an outcome for every value that it may meet.
func (p *assembly) settle() {
	for len(p.todo) > 0 {
		todo := p.todo
		p.todo = nil
		for _, at := range todo {
			if at.t.build(at.node); p.hopeless || p.differ {
				return
			}
		}
	}
}

// maxRefused bounds the places without an end that are looked at: each takes long.
const maxRefused = 100

// refuse reports what has no end here. It may have one when a constant turns out to be none.
func (t *thread) refuse(pos model.Pos, format string, args ...any) {
	t.errorf(pos, format, args...)
	if t.refused++; t.refused > maxRefused {
		t.hopeless = true
	}
}

// wrong is all that is wrong with the program.
func (p *assembly) wrong() (ds syntax.Diagnostics) {
	ds.Append(p.diags)
	seen := map[*thread]bool{}
	for _, t := range p.threads {
		if !seen[t] {
			seen[t] = true
			ds.Append(t.wrong(p.hopeless))
		}
	}
	return ds
}
