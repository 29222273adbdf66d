package modeltest

import (
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
)

// Programs draws random programs: up to four threads on up to three domains, some of them equal,
// some with two domains, some of which loop; with all operations, faults of waiting, and states of
// any width.
func Programs() *rapid.Generator[*model.Program] {
	return rapid.Custom(func(t *rapid.T) *model.Program { return drawProgram(t).p })
}

// Allocating draws such programs in which objects are memory that threads allocate, and variables
// lead to it.
func Allocating() *rapid.Generator[*model.Program] {
	return rapid.Custom(func(t *rapid.T) *model.Program {
		w := drawProgram(t)
		allocating(t, w)
		return w.p
	})
}

func drawProgram(t *rapid.T) *world {
	w := drawWorld(t)
	if rapid.IntRange(0, 3).Draw(t, "lives") == 0 {
		w.lifetimes()
	}
	var all []text
	for range rapid.IntRange(1, 2).Draw(t, "texts") {
		g := &bodies{t: t, w: w, theme: rapid.IntRange(0, len(menus)-1).Draw(t, "theme")}
		g.two = len(w.domains) > 1 && rapid.IntRange(0, 3).Draw(t, "two") == 0
		body := damaged(t, g.list(3, 2))
		for _, s := range [][]stmt{g.living(0), g.living(0)}[:rapid.IntRange(0, 2).Draw(t, "lively")] {
			if at := rapid.IntRange(0, len(body)).Draw(t, "at"); w.lives {
				body = slices.Insert(body, at, s...)
			}
		}
		all = append(all, text{body, g.two})
	}
	n := rapid.SampledFrom([]int{1, 2, 2, 2, 3, 3, 4}).Draw(t, "threads")
	alike := rapid.IntRange(0, 4).Draw(t, "alike") == 0
	var one role
	for i := range n {
		if i == 0 || !alike {
			one = drawRole(t, w, all)
		}
		a := &automaton{w: w, code: flatten(one.body), self: i + 1, bind: one.bind, faults: one.faults}
		a.thread = model.Thread{Name: fmt.Sprintf("t%d", i+1), Function: "body", Loop: one.loop}
		w.p.Threads = append(w.p.Threads, a.build())
	}
	if w.lives && n > 1 {
		w.starts()
	}
	if rapid.IntRange(0, 4).Draw(t, "outside") == 0 {
		outside(t, w.p)
	}
	if rapid.IntRange(0, 4).Draw(t, "counts") == 0 {
		counts(t, w.p)
	}
	if rapid.IntRange(0, 2).Draw(t, "narrow") == 0 {
		narrow(w.p)
	}
	if rapid.IntRange(0, 7).Draw(t, "restart") == 0 {
		drawRestart(t, w.p)
	}
	if rapid.IntRange(0, 7).Draw(t, "fork") == 0 {
		drawFork(t, w.p)
	}
	return w
}

// outside lets some threads come to an end that is none: they wait for what never comes.
func outside(t *rapid.T, p *model.Program) {
	for i := range p.Threads {
		for k := range p.Threads[i].Nodes {
			n := &p.Threads[i].Nodes[k]
			n.Outside = n.Op == model.OpFinish && rapid.Bool().Draw(t, "waits")
		}
	}
}

// counts lets some variables of objects be such that must end as they began.
func counts(t *rapid.T, p *model.Program) {
	for v := range p.Vars {
		x := &p.Vars[v]
		x.Counts = x.Object != model.None && !x.Job && !x.Refs && rapid.IntRange(0, 2).Draw(t, "counted") == 0
	}
}

// narrow leaves to variables only the values that somebody assigns: where nobody takes a domain off
// its list, one is all that there is.
func narrow(p *model.Program) {
	taken := make([]map[int64]bool, len(p.Vars))
	for v := range p.Vars {
		taken[v] = map[int64]bool{p.Vars[v].Initial: true}
	}
	for t := range p.Threads {
		for i := range p.Threads[t].Nodes {
			n := &p.Threads[t].Nodes[i]
			if n.Op == model.OpStore {
				taken[n.Var][n.Value] = true
			}
			if n.Op == model.OpUpdate {
				for _, o := range n.Out {
					taken[n.Var][o.Set] = true
				}
			}
			if n.Op == model.OpRemove && p.Objects[n.Object].Listed != model.None {
				taken[p.Objects[n.Object].Listed][0] = true
			}
		}
	}
	for v := range p.Vars {
		if !p.Vars[v].Refs && p.Vars[v].Starts == 0 {
			p.Vars[v].Values = slices.Sorted(maps.Keys(taken[v]))
		}
	}
}

// text is what a thread does, before it has arguments.
type text struct {
	body []stmt
	two  bool // arguments
}

// role is a text with arguments, and what may happen to the thread that has it.
type role struct {
	body   []stmt
	bind   binding
	faults faults
	loop   bool
}

func drawRole(t *rapid.T, w *world, all []text) role {
	x := all[rapid.IntRange(0, len(all)-1).Draw(t, "text")]
	first := rapid.IntRange(0, len(w.domains)-1).Draw(t, "domain")
	r := role{body: x.body, bind: binding{&w.domains[first]}}
	if x.two {
		second := (first + 1 + rapid.IntRange(0, len(w.domains)-2).Draw(t, "second")) % len(w.domains)
		r.bind = append(r.bind, &w.domains[second])
	}
	r.faults = rapid.SampledFrom([]faults{
		{},
		{},
		{timeout: true},
		{timeout: true, stolen: true},
		{spurious: true},
		{true, true, true, false},
		{true, true, true, true},
		{},
		{timeout: true, timed: true},
	}).Draw(t, "faults")
	r.loop = rapid.IntRange(0, 5).Draw(t, "loops") == 0
	return r
}

// damaged leaves out a statement now and then.
func damaged(t *rapid.T, body []stmt) []stmt {
	if len(body) < 2 || rapid.IntRange(0, 3).Draw(t, "damage") > 0 {
		return body
	}
	i := rapid.IntRange(0, len(body)-1).Draw(t, "where")
	return append(append([]stmt{}, body[:i]...), body[i+1:]...)
}
