package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// A clock may show anything, and so may a random number. What such a call gives is one value, of
// which nothing is known; what is computed from it is as little known, and it may be kept wherever
// an integer may. Where it is tested the thread goes both ways, each time anew: that can only add
// to what a program does.

const writeNondet = "write nondet()"

// unknownCall compiles a call that gives something unknown, or sets what an argument points to.
func (b *body) unknownCall(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	var set []initValue
	for i, a := range e.Args {
		x, t := b.expr(a)
		b.primArg(a, p, i, x, t)
		x = b.settled(x, slices.ContainsFunc(e.Args[i+1:], b.hasEffect))
		switch p.Params[i] {
		case vocabulary.SetUnknown:
			b.mustPoint(e, p, x)
		case vocabulary.SetUnknownOrNull:
		default:
			continue
		}
		if !x.isNull() && t.kind == tPointer {
			set = append(set, initValue{x, t.elem})
		}
	}
	for _, s := range set {
		test := b.within(instr{op: iBranch, pos: e.Pos(), text: textOf(e), dst: -1, a: s.x})
		b.f.code[test].then = test + 1
		b.fillObject(&part{b: b, e: e, fill: value{kind: vUnknown}}, s.x, nil, s.typ)
		b.f.code[test].otherwise = len(b.f.code)
	}
	b.setErrno(e, constant(value{kind: vUnknown}))
	t := intType
	switch p.Result {
	case vocabulary.Zero:
		return constant(intValue(0)), t
	case vocabulary.Long:
		t = longType
	case vocabulary.Unsigned:
		t = uintType
	}
	dst := b.temp(t)
	b.emit(instr{op: iCopy, pos: e.Pos(), text: textOf(e), dst: dst, a: constant(value{kind: vUnknown})})
	return inSlot(dst), t
}

// mustPoint lets the next step fail where an argument is NULL.
func (b *body) mustPoint(e *syntax.Call, p *vocabulary.Function, x operand) {
	prim := &vocabulary.Function{Name: p.Name, Effect: vocabulary.None, Params: []vocabulary.Param{vocabulary.Pointer}}
	b.within(instr{op: iPrim, pos: e.Pos(), text: textOf(e), dst: -1, prim: prim, args: []operand{x}})
}

// canBeUnknown reports whether a type is made of integers alone.
func (t *typ) canBeUnknown() bool {
	if t.kind == tStruct {
		return t.strukt.defined && !t.strukt.isUnion && !slices.ContainsFunc(t.strukt.fields, func(f *fieldDef) bool {
			return f.typ.kind != tInt
		})
	}
	return t.kind == tInt
}

// testsUnknown reports whether an instruction tests an unknown value.
func (t *thread) testsUnknown(c *config, i *instr) bool {
	switch i.op {
	case iBranch, iSwitch, iCheck:
	case iBinary:
		if !slices.Contains(binaryOperators[firstComparison:], i.operator) {
			return false
		}
		if _, known := t.ofItself(c, i); known {
			return false
		}
		if c.read(i.b).kind == vUnknown {
			return true
		}
	case iUnary:
		if i.operator != "!" {
			return false
		}
	case iConvert:
		if !i.typ.isBool() {
			return false
		}
	default:
		return false
	}
	return c.read(i.a).kind == vUnknown
}

// tests are those of unknown values to which local computation comes between two steps, from 1.
// From some there may be no way to a step: who comes there goes round for ever.
type tests struct {
	ids map[string]int
	all []test
}

type test struct {
	at   stop  // as one comes there first, with the places of all ways there
	from []int // the tests before it; 0 is the step
	ends bool  // there is a way to a step
}

// come notes a way to a test, and reports whether it is known.
func (x *tests) come(key string, s *stop) (id int, known bool) {
	if id, known = x.ids[key]; known {
		old := &x.all[id-1]
		old.from, old.at.path = append(old.from, s.after), compacted(append(old.at.path, s.path...))
		return id, true
	}
	if x.ids == nil {
		x.ids = map[string]int{}
	}
	at := *s
	at.path = slices.Clone(s.path)
	x.all = append(x.all, test{at: at, from: []int{s.after}})
	id = len(x.all)
	x.ids[key] = id
	return id, false
}

// end notes that a way leads from a test to a step.
func (x *tests) end(id int) {
	if id == 0 || x.all[id-1].ends {
		return
	}
	x.all[id-1].ends = true
	for _, before := range x.all[id-1].from {
		x.end(before)
	}
}

// endless lists the places from which no way leads to a step, where one comes to them first.
func (x *tests) endless() []stop {
	for id := range x.all { // ways that were found after the end was
		if x.all[id].ends {
			for _, before := range x.all[id].from {
				x.end(before)
			}
		}
	}
	var stops []stop
	for id := range x.all {
		leads := func(before int) bool { return before == 0 || x.all[before-1].ends }
		if !x.all[id].ends && slices.ContainsFunc(x.all[id].from, leads) {
			s := x.all[id].at
			s.c.spins = true
			stops = append(stops, s)
		}
	}
	return stops
}

// chance goes every way on from a test of an unknown value. A loop without a step that comes back
// to where it was has gone all ways already: where one of them leads out, it ends sooner or later,
// for the time for which it waits comes.
func (t *thread) chance(s *stop, i *instr) []stop {
	c := s.c
	key := string(t.key(c))
	if s.round {
		key += "r"
	}
	id, known := t.tests.come(key, s)
	if known {
		return []stop{}
	}
	var ways []stop
	way := func(number int, on func(*config)) {
		w := s.fork()
		w.after = id
		if i.ways > 0 {
			w.note(i.ways + int32(number))
		}
		on(w.c)
		ways = append(ways, w)
	}
	switch i.op {
	case iBranch:
		way(0, func(d *config) { d.top().pc = i.then })
		way(1, func(d *config) { d.top().pc = i.otherwise })
	case iSwitch:
		for k := range i.cases {
			way(k, func(d *config) { d.top().pc = i.cases[k].To })
		}
		way(len(i.cases), func(d *config) { d.top().pc = i.then })
	case iCheck:
		way(0, func(d *config) { d.alive, d.top().pc = nil, d.top().pc+1 })
		way(0, func(d *config) {
			d.fail = &model.Check{Kind: i.kind, Pos: i.pos, Function: d.top().f.name, Text: t.reason(d, i)}
		})
	default:
		way(0, func(d *config) { d.local(intValue(1)) })
		way(0, func(d *config) { d.local(intValue(0)) })
	}
	return ways
}

// unknown computes an operator of which one operand is unknown; false when the next step fails.
func (t *thread) unknown(c *config, i *instr, y value) bool {
	switch i.operator {
	case "/", "%", "<<", ">>":
		if y.kind == vUnknown {
			t.hintf(i.pos, writeNondet,
				"%s: what stands on the right is not known, for it comes from a clock or a random number", i.text())
			break
		}
		if _, ok := i.typ.apply(i.operator, 1, y.n); !ok {
			t.undefined(c, i, "%s has no result for any number and %d", i.operator, y.n)
			return false
		}
	}
	c.local(value{kind: vUnknown})
	return true
}
