package modeltest

import (
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// A Case is a small program about one thing that is easily got wrong, with what a search must find.
type Case struct {
	Name    string
	Program *model.Program
	Verdict model.Verdict
	Kind    model.Kind // of a violation
}

// Cases lists the programs. They are made anew each time.
func Cases() []Case {
	var out []Case
	for _, set := range [][]Case{
		lockCases(), waitCases(), domainCases(), equalCases(), checkCases(), widthCases(),
		updateCases(), lifeCases(), outsideCases(), restartCases(),
		forkCases(),
	} {
		out = append(out, set...)
	}
	return out
}

// world of cases: how many domains, and what they have.
type setting struct {
	domains         int
	counted, listed bool
	pointer         bool
	lives           bool    // the last thread is one that others start
	shapes          []shape // of the global variables; the first two are there always, with the values 0, 1 and 2
	inside          []shape // of the domains' variables; the first is there always
}

func (s setting) world() *world {
	small := shape{values: []int64{0, 1, 2}}
	w := &world{p: &model.Program{}, counted: s.counted, listed: s.listed, inside: 1 + len(s.inside)}
	w.globals = w.newDomain("driver", false)
	for i := range max(1, s.domains) {
		w.domains = append(w.domains, w.newDomain(fmt.Sprintf("vm%d", i+1), true))
	}
	w.shapes = append([]shape{small}, s.inside...)
	w.shapes = append(w.shapes, small, small)
	w.shapes = append(w.shapes, s.shapes...)
	w.locks(0)
	w.conditions()
	w.variables(s.pointer, false)
	if s.lives {
		w.lifetimes()
	}
	return w
}

// actor is a thread of a case.
type actor struct {
	on     []int // domains, from 0
	body   []stmt
	loop   bool
	faults faults
}

func (s setting) program(actors ...actor) *model.Program {
	w := s.world()
	for i, x := range actors {
		a := &automaton{w: w, code: flatten(x.body), self: i + 1, faults: x.faults}
		if x.on == nil {
			x.on = []int{0}
		}
		for _, d := range x.on {
			a.bind = append(a.bind, &w.domains[d])
		}
		a.thread = model.Thread{Name: fmt.Sprintf("t%d", i+1), Function: "body", Loop: x.loop}
		w.p.Threads = append(w.p.Threads, a.build())
	}
	if s.lives {
		w.starts()
	}
	return w.p
}

// run is a thread on the first domain.
func run(body ...stmt) actor { return actor{body: body} }

// Names of what the cases use: two global locks, the domain's and its monitor's; global variables;
// the domain's first variable.
var (
	driverLock, extraLock = name{global, driver}, name{global, extra}
	vmLock, monLock       = name{0, own}, name{0, monitor}
	vm2Lock               = name{1, own}
	g0, g1                = name{global, 0}, name{global, 1}
	x0                    = name{0, 0}
	ready, jobCond        = name{global, 0}, name{0, 0}
	vm                    = name{where: 0}
)

func lock(l name) stmt                { return stmt{op: sLock, a: l} }
func unlock(l name) stmt              { return stmt{op: sUnlock, a: l} }
func store(v name, x int64) stmt      { return stmt{op: sStore, a: v, value: x} }
func touch(d name) stmt               { return stmt{op: sAccess, a: d} }
func signal(c name) stmt              { return stmt{op: sSignal, a: c} }
func broadcast(c name) stmt           { return stmt{op: sBroadcast, a: c} }
func unref(d name, then ...stmt) stmt { return stmt{op: sUnref, a: d, then: then} }
func wait(c, l name) stmt             { return stmt{op: sWait, a: c, b: l} }
func fork(a, b []stmt) stmt           { return stmt{op: sFork, then: a, other: b} }
func never() stmt                     { return stmt{op: sCheck, check: check{kind: model.AssertKind}} }
func list(body ...stmt) []stmt        { return body }
func remove(d name) stmt              { return stmt{op: sRemove, a: d} }
func ref(d name) stmt                 { return stmt{op: sRef, a: d} }
func branch(v name, x int64, then, other []stmt) stmt {
	return stmt{op: sBranch, a: v, value: x, then: then, other: other}
}

func while(v name, x int64, body ...stmt) stmt { return stmt{op: sWhile, a: v, value: x, then: body} }

func try(l name, then, other []stmt) stmt {
	return stmt{op: sTryLock, a: l, then: then, other: other}
}

func find(d name, then ...stmt) stmt { return stmt{op: sFind, a: d, then: then} }

// must checks that variables do not have certain values all at once.
func must(not map[name]int64, order ...name) stmt {
	c := check{kind: model.AssertKind, names: order}
	for i, v := range order {
		x := &model.Expr{
			Op: model.Ne, X: &model.Expr{Op: model.ReadVar, Var: model.VarID(i)}, Y: &model.Expr{Op: model.Const, Const: not[v]},
		}
		if c.cond != nil {
			x = &model.Expr{Op: model.Or, X: c.cond, Y: x}
		}
		c.cond = x
	}
	return stmt{op: sCheck, check: c}
}

func isNot(v name, x int64) stmt { return must(map[name]int64{v: x}, v) }
