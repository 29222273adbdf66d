package lower

import (
	"encoding/binary"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// paths are what local computation passes on its way along the edges of a program. Most edges share
// theirs with others: each path is kept once.
type paths struct {
	ids    map[string]int32
	all    [][]int32 // by number, ascending
	buffer []byte
}

// pathOf is the number of a path through some places, in any order and with repetitions.
func (p *assembly) pathOf(places []int32) int32 {
	x := &p.paths
	if x.ids == nil {
		x.ids, x.all = map[string]int32{"": 0}, [][]int32{nil}
	}
	x.buffer = x.buffer[:0]
	for _, at := range places {
		x.buffer = binary.AppendUvarint(x.buffer, uint64(at))
	}
	id, ok := x.ids[string(x.buffer)]
	if !ok {
		id = int32(len(x.all))
		x.ids[string(x.buffer)] = id
		x.all = append(x.all, compacted(slices.Clone(places)))
		p.meter.Take(64 + 2*len(x.buffer) + 4*len(places))
	}
	return id
}

// compacted sorts a list of places and leaves out repetitions.
func compacted(places []int32) []int32 {
	slices.Sort(places)
	return slices.Compact(places)
}

// joined is the number of the path of two edges that are one.
func (p *assembly) joined(a, b int32) int32 {
	if a == b {
		return a
	}
	return p.pathOf(compacted(slices.Concat(p.paths.all[a], p.paths.all[b])))
}

// fullPath is how many places a path may have before repetitions are looked for.
const fullPath = 256

// pass notes an instruction on the way.
func (s *stop) pass(i *instr) {
	if i.place == 0 {
		return
	}
	if n := len(s.path); n == 0 || s.path[n-1] != i.place {
		s.note(i.place)
	}
	if i.ways == 0 || i.op != iBranch && i.op != iSwitch {
		return
	}
	switch v := s.c.read(i.a); {
	case v.kind == vUnset || v.kind == vUnknown: // see chance
	case i.op == iBranch && v.isTrue():
		s.note(i.ways)
	case i.op == iBranch:
		s.note(i.ways + 1)
	case i.op == iSwitch:
		n := i.typ.ordered(v.n)
		k := slices.IndexFunc(i.cases, func(c syntax.CaseRange) bool { return c.Lo <= n && n <= c.Hi })
		if k < 0 {
			k = len(i.cases)
		}
		s.note(i.ways + int32(k))
	}
}

// fork is another way on from here.
func (s *stop) fork() stop {
	return stop{c: s.c.clone(), round: s.round, path: slices.Clone(s.path), chose: s.chose, after: s.after}
}

func (s *stop) note(place int32) {
	if len(s.path) >= fullPath && len(s.path) == cap(s.path) {
		s.path = compacted(s.path)
	}
	s.path = append(s.path, place)
}

// markFaults lets the outcomes of a wait that only a fault takes pass the places of these faults.
func (t *thread) markFaults(n *model.Node, i *instr) {
	if i.ways == 0 || i.op != iPrim || i.prim.Effect != vocabulary.Wait {
		return
	}
	for k := range n.Out {
		at := slices.Index(faultLabels[:], n.Out[k].Label)
		if at < 0 {
			continue
		}
		for e := range n.Out[k].Next {
			edge := &n.Out[k].Next[e]
			edge.Path = t.joined(edge.Path, t.pathOf([]int32{i.ways + int32(at)}))
		}
	}
}

// code is what somebody who asks what was reached wants to know of the program as it is now.
func (p *assembly) code() *model.Code {
	called := map[*function]bool{}
	var call func(f *function)
	call = func(f *function) {
		if f == nil || called[f] {
			return
		}
		called[f] = true
		for _, c := range f.callees {
			call(c.to)
		}
	}
	for _, t := range p.threads {
		call(p.functions[t.spec.Function])
	}
	s := &model.Code{Places: p.places, Paths: p.paths.all}
	for f := range called {
		s.Functions = append(s.Functions, f.name)
	}
	slices.Sort(s.Functions)
	return s
}
