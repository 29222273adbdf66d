package lower

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// thread is an automaton in the making: that of one thread, or of several that are equal.
type thread struct {
	*assembly
	w      *world
	spec   Thread
	specs  []Thread // all whose automaton it is; spec is the first
	name   string
	number int // of the first, from 1
	args   []value
	ids    map[string]model.NodeID
	start  *spot
	starts []model.Edge
	spots  []*spot
	at     model.NodeID      // what is being built
	wanted []int64           // of an open program: for which values it gets outcomes
	listed []model.NodeID    // the nodes of the program that was made last, in its order
	lives  map[instant][]int // see live
	buffer []byte            // see key
	tests  tests             // of unknown values, since the last step
	birth  *birth            // of a thread that another starts; else nil
	cut    model.NodeID      // where a restart puts it; None where nothing does
	left   model.NodeID      // where the child of a fork has it; None where nobody forks
}

// spot is a node in the making.
type spot struct {
	c      *config
	node   model.Node // without what is only shown
	bytes  int
	queued bool
	built  bool
	stale  bool // it took for a constant what is none
	// doubtful says that what is wrong there may be so because something else was taken for a
	// constant.
	doubtful bool

	enumerates bool           // it has an outcome for each value of a variable
	known      int            // for the first so many that were found
	asked      int            // for so many when it is done
	done       map[int64]bool // of an open program: for these

	wrong syntax.Diagnostics // what is wrong there
}

func newThread(p *assembly, number int, spec Thread, args []value) *thread {
	t := &thread{
		assembly: p, w: p.world, spec: spec, number: number, args: args, ids: map[string]model.NodeID{}, start: &spot{},
		name: threadName(spec), lives: map[instant][]int{}, cut: model.None, left: model.None,
	}
	p.again(point{t, atStart})
	return t
}

func threadName(spec Thread) string {
	var args []string
	for _, a := range spec.Args {
		args = append(args, a.Text)
	}
	return spec.Function + "(" + strings.Join(args, ", ") + ")"
}

func (t *thread) spot(id model.NodeID) *spot {
	if id == atStart {
		return t.start
	}
	return t.spots[id]
}

// made reports whether the node is what it is to be.
func (s *spot) made() bool { return s.built && !s.stale }

// self is the number of the thread. Threads that ask for it are not equal.
func (t *thread) self() int {
	t.differ = t.differ || len(t.specs) > 1
	return t.number
}

// begin is the call stack with which the thread starts, and starts again.
func (t *thread) begin() []frame {
	f := t.functions[t.spec.Function]
	slots := newSlots(len(f.slots))
	for i, v := range t.args {
		slots.set(f.starts[i], v)
	}
	return []frame{{f: f, slots: slots, dst: -1, path: t.w.pathOf(callPath{to: f})}}
}

// atBegin is what the thread knows before it begins.
func (t *thread) atBegin() *config {
	c := &config{frames: t.begin()}
	if t.spec.Restarts {
		c.phase = restarting
	}
	if t.usesErrno {
		c.errno = value{kind: vUnknown}
	}
	return c
}

// build works on a place: it makes the node, or gives it the outcomes that it lacks.
func (t *thread) build(id model.NodeID) {
	s := t.spot(id)
	if s.stale {
		t.meter.Take(-s.bytes)
		s.built, s.known, s.done, s.wrong, s.bytes = false, 0, nil, nil, 0
	}
	s.queued, s.stale, t.at = false, false, id
	t.Unit.diags, s.asked = nil, s.known
	more := 0
	switch {
	case id == atStart:
		t.starts = t.edges(t.atBegin())
	case s.built:
		n := t.node(s.c)
		for _, x := range t.wanted {
			if n.Op == model.OpUpdate && len(n.Out) == 0 { // it waits: that is known now
				n.Out = []model.Outcome{{When: x}}
			}
		}
		join(&s.node, n.Out)
		more = outBytes(n.Out)
	default:
		s.node = t.node(s.c)
		more = nodeBytes(&s.node)
	}
	s.bytes += more
	s.built, s.known = true, s.asked
	s.wrong.Append(t.Unit.diags)
	t.Unit.diags = nil
	t.bound(more)
}

// bound looks at the limits, with more bytes.
func (t *thread) bound(bytes int) {
	switch {
	case !t.meter.Take(bytes):
		t.hopeless = true
	case t.open:
		if t.meter.Held() > maxBytes {
			t.large, t.hopeless = true, true
		}
	case t.outcomes > t.eager || t.facts.exceeded:
		t.large, t.hopeless = true, true
	}
}

// compareOutcomes puts those for values first, ascending.
func compareOutcomes(a, b model.Outcome) int {
	return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.When, b.When), cmp.Compare(a.Set, b.Set))
}

// join adds outcomes, those for values in ascending order, labelled ones behind them.
func join(n *model.Node, more []model.Outcome) {
	for _, o := range more {
		if i, has := slices.BinarySearchFunc(n.Out, o, compareOutcomes); !has {
			n.Out = slices.Insert(n.Out, i, o)
		}
	}
}

// edges runs local computation from c and returns where it can lead, without repetitions.
func (t *thread) edges(c *config) []model.Edge {
	var edges []model.Edge
	t.outcomes++
	for _, s := range t.run(c) {
		e := model.Edge{To: t.intern(s.c), Path: t.pathOf(s.path), Chose: s.chose, Round: s.round}
		same := func(f model.Edge) bool { return f.To == e.To && f.Round == e.Round }
		if i := slices.IndexFunc(edges, same); i >= 0 {
			edges[i].Path = t.joined(edges[i].Path, e.Path)
		} else {
			edges = append(edges, e)
		}
	}
	return edges
}

// intern returns the node for a config, making it at first sight.
func (t *thread) intern(c *config) model.NodeID {
	key := t.key(c)
	id, ok := t.ids[string(key)]
	if !ok {
		id = model.NodeID(len(t.spots))
		t.ids[string(key)] = id
		t.spots = append(t.spots, &spot{c: c})
		t.again(point{t, id})
	} else if c.fail != nil {
		t.spots[id].alsoSeen(c.seen)
	}
	return id
}

// order lists the nodes that there are ways to: as one comes to them who takes the nodes of the
// list in turn, and the outcomes of each.
func (t *thread) order() []model.NodeID {
	var list []model.NodeID
	seen := make([]bool, len(t.spots))
	visit := func(id model.NodeID) {
		if !seen[id] {
			seen[id] = true
			list = append(list, id)
		}
	}
	for _, e := range t.starts {
		visit(e.To)
	}
	for _, to := range []model.NodeID{t.cut, t.left} {
		if to != model.None {
			visit(to)
		}
	}
	for i := 0; i < len(list); i++ {
		s := t.spots[list[i]]
		if !s.made() {
			continue
		}
		n := &s.node
		if n.Op == model.OpSleep {
			visit(n.Wake)
		}
		for k := range n.Out {
			for _, e := range n.Out[k].Next {
				visit(e.To)
			}
		}
	}
	return list
}

// wrong is what is wrong at the places to which there are ways, or at all of them.
func (t *thread) wrong(all bool) (ds syntax.Diagnostics) {
	ds.Append(t.start.wrong)
	if all {
		for _, s := range t.spots {
			ds.Append(s.wrong)
		}
		return ds
	}
	for _, id := range t.order() {
		ds.Append(t.spots[id].wrong)
	}
	return ds
}

// nodeBytes is about how much a node takes, what is needed to make it included.
func nodeBytes(n *model.Node) int {
	bytes := 700 + len(n.Text) + 4*(len(n.Held)+len(n.Owns)+len(n.Alive)) + 80*len(n.Calls) + 48*len(n.Locals) +
		150*len(n.Checks)
	return bytes + outBytes(n.Out)
}

func outBytes(out []model.Outcome) (bytes int) {
	for i := range out {
		bytes += 100 + 40*len(out[i].Next)
	}
	return bytes
}
