package lower

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/model"
)

// Limits of a program; reaching one is a diagnostic, or for values a step that ends the search with
// an honest "unknown".
const (
	maxNodes  = 1 << 15 // of one thread
	maxValues = 64      // of one shared variable
	maxPasses = 1000
	maxBytes  = 2 << 30 // of a program
)

// facts are what lowering learns about shared state, pass after pass, until nothing is new.
type facts struct {
	assigned map[fieldKey]bool
	values   map[int][]int64 // by variable, ascending
	sites    map[int]int     // by reference count: places that take a reference
	changed  bool
}

// fieldKey is a field of a struct; a field that is assigned in one object is a variable in all.
type fieldKey struct {
	strukt *structDef
	field  int
}

func (w *world) fieldKey(r cellRef) fieldKey { return fieldKey{w.objects[r.object].strukt, r.field} }

func (f *facts) assign(k fieldKey) {
	if !f.assigned[k] {
		f.assigned[k], f.changed = true, true
	}
}

// admit adds a value to those that a variable can take; false when there are too many.
func (f *facts) admit(v int, x int64) bool {
	vs := f.values[v]
	i, ok := slices.BinarySearch(vs, x)
	if ok {
		return true
	}
	if len(vs) >= maxValues {
		return false
	}
	f.values[v], f.changed = slices.Insert(vs, i, x), true
	return true
}

// Program builds the program in which the given threads run together. The error is of type
// [syntax.Diagnostics], or says which limit of ctx, or of opt, was hit.
func (u *Unit) Program(ctx context.Context, threads []Thread, opt Options) (*model.Program, error) {
	own := *u
	own.meter, own.diags, own.guesses = meter.New(ctx).AtMost(opt.Work), nil, 0
	p := own.program(threads, opt)
	if err := own.meter.Err(); err != nil {
		return nil, err
	}
	if err := own.diags.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// program builds a program; with diagnostics, or when the meter has stopped, what it returns is of
// no use.
func (u *Unit) program(threads []Thread, opt Options) *model.Program {
	w := u.world.forProgram(u)
	args := u.arguments(w, threads)
	if len(threads) > model.MaxThreads {
		u.errorf(threads[model.MaxThreads].Pos, "%d threads are more than %d", len(threads), model.MaxThreads)
	}
	if len(u.diags) > 0 {
		return nil
	}
	f := &facts{assigned: map[fieldKey]bool{}, values: map[int][]int64{}, sites: map[int]int{}}
	before := u.meter.Held()
	for pass := 0; u.meter.Work(1); pass++ {
		f.changed = false
		u.diags = nil
		u.meter.Take(int(before - u.meter.Held())) // the pass before is let go
		p := &assembly{world: w, facts: f, opt: opt, threads: len(threads)}
		for i := 0; i < len(threads) && !p.hopeless; i++ {
			p.addThread(i, threads[i], args[i])
		}
		if p.hopeless || len(u.diags) > 0 && !f.changed {
			return nil
		}
		p.countSites()
		if !f.changed {
			return p.finish()
		}
		if pass > maxPasses {
			u.errorf(threads[0].Pos, "the values of shared variables do not settle")
			return nil
		}
	}
	return nil
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
			u.errorf(t.Pos, "%s takes %s, not %d", t.Function, plural(len(f.params), "argument"), len(t.Args))
			continue
		}
		for j, a := range t.Args {
			args[i] = append(args[i], w.argument(a, f.params[j], t.Function))
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
	threads int
	program model.Program
	sites   map[int]map[string]bool
	// hopeless says that a limit was hit which another pass cannot mend.
	hopeless bool
}

// giveUp reports that a limit was hit.
func (p *assembly) giveUp(pos model.Pos, format string, args ...any) {
	p.errorf(pos, format, args...)
	p.hopeless = true
}

// countSites bounds reference counts: a thread that does not leak holds at most one reference for
// each place at which it takes one.
func (p *assembly) countSites() {
	counts := map[int]int{}
	for v, places := range p.sites {
		counts[v] = len(places)
	}
	for v, n := range counts {
		if p.facts.sites[v] < n {
			p.facts.sites[v], p.facts.changed = n, true
		}
	}
}

// maxRefs is the largest value of a reference count.
func (p *assembly) maxRefs(v int) int64 {
	return p.cell(p.vars[v]).init.n + int64(p.facts.sites[v])
}

func (p *assembly) site(v int, c *config) {
	if p.sites == nil {
		p.sites = map[int]map[string]bool{}
	}
	if p.sites[v] == nil {
		p.sites[v] = map[string]bool{}
	}
	key := fmt.Sprint(len(p.program.Threads))
	for i := range c.frames {
		key += fmt.Sprintf(" %s:%d", c.frames[i].f.name, c.frames[i].pc)
	}
	p.sites[v][key] = true
}

// thread lowers one thread.
type thread struct {
	*assembly
	w      *world
	spec   Thread
	name   string
	number int // from 1, as self() says
	args   []value
	ids    map[string]model.NodeID
	nodes  []model.Node
	todo   []*config
	lives  map[instant][]int // see live
	buffer []byte            // see key
}

func (p *assembly) addThread(i int, spec Thread, args []value) {
	t := &thread{
		assembly: p, w: p.world, spec: spec, number: i + 1, args: args, ids: map[string]model.NodeID{},
		name: threadName(spec), lives: map[instant][]int{},
	}
	start := t.edges(&config{frames: t.begin()})
	for n := 0; n < len(t.todo) && !p.hopeless; n++ {
		node := t.node(t.todo[n])
		t.nodes[n] = node
		t.todo[n] = nil
		if !t.meter.Take(nodeBytes(&node)) {
			p.hopeless = true
		} else if t.meter.Held() > maxBytes {
			t.giveUp(spec.Pos, "the local states of the threads take more than %d MB", maxBytes>>20)
		}
		if n > maxNodes {
			t.giveUp(spec.Pos, "%s has more than %d local states: a local variable grows without bound", t.name, maxNodes)
			break
		}
	}
	p.program.Threads = append(p.program.Threads, model.Thread{
		Name: t.name, Function: spec.Function, Loop: spec.Loop, Start: start, Nodes: t.nodes,
	})
}

// nodeBytes is about how much a node takes, what is needed to make it included.
func nodeBytes(n *model.Node) int {
	bytes := 700 + len(n.Text) + 4*(len(n.Held)+len(n.Owns)+len(n.Alive)) + 80*len(n.Calls) + 48*len(n.Locals) + 150*len(n.Checks)
	for i := range n.Out {
		bytes += 100 + 40*len(n.Out[i].Next)
	}
	return bytes
}

func threadName(spec Thread) string {
	var args []string
	for _, a := range spec.Args {
		args = append(args, a.Text)
	}
	return spec.Function + "(" + strings.Join(args, ", ") + ")"
}

// begin is the call stack with which the thread starts, and starts again.
func (t *thread) begin() []frame {
	f := t.functions[t.spec.Function]
	slots := newSlots(len(f.slots))
	for i, v := range t.args {
		slots.set(i, v)
	}
	return []frame{{f: f, slots: slots, dst: -1}}
}

// edges runs local computation from c and returns where it can lead, without repetitions.
func (t *thread) edges(c *config) []model.Edge {
	var edges []model.Edge
	for _, s := range t.run(c) {
		e := model.Edge{To: t.intern(s.c), Round: s.round, Asserts: s.asserts}
		same := func(f model.Edge) bool {
			return f.To == e.To && f.Round == e.Round && len(f.Asserts)+len(e.Asserts) == 0
		}
		if !slices.ContainsFunc(edges, same) {
			edges = append(edges, e)
		}
	}
	return edges
}

// intern returns the node for a config, making it at first sight.
func (t *thread) intern(c *config) model.NodeID {
	key := t.key(c)
	id, ok := t.ids[key]
	if !ok {
		id = model.NodeID(len(t.nodes))
		t.ids[key] = id
		t.nodes = append(t.nodes, model.Node{})
		t.todo = append(t.todo, c)
	}
	return id
}
