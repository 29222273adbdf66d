package starvation

import (
	"slices"
	"testing"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
	"pgregory.net/rapid"
)

// An oracle is the state graph as the reference interpreter makes it, and decides liveness another
// way: it tries every set of threads that could be those which go on for ever, and computes a
// greatest fixed point for each (Emerson and Lei, Efficient model checking in fragments of the
// propositional mu-calculus, LICS 1986).
type oracle struct {
	ref    *modeltest.Reference
	states []*modeltest.State
	steps  [][]oracleStep
	number map[string]int
}

type oracleStep struct {
	thread, to         int
	keeps              uint64 // a bit for a step of each thread, and from 32 on for the end of its wait by a deadline
	optional, complete bool
}

// newOracle explores a program; nil if it has more states than most.
func newOracle(p *model.Program, most int) *oracle {
	o := &oracle{ref: modeltest.NewReference(p), number: map[string]int{}}
	for _, s := range o.ref.Starts() {
		o.add(s)
	}
	for i := 0; i < len(o.states); i++ {
		if len(o.states) > most {
			return nil
		}
		var steps []oracleStep
		for _, x := range o.ref.Steps(o.states[i]) {
			to := -1
			if x.Failed == nil {
				to = o.add(x.Next)
			}
			keeps := uint64(1) << x.Thread
			if x.Label == model.TimedOut {
				keeps |= 1 << (32 + x.Thread)
			}
			steps = append(steps, oracleStep{x.Thread, to, keeps, x.Optional, x.Round})
		}
		o.steps = append(o.steps, steps)
	}
	return o
}

func (o *oracle) add(s *modeltest.State) int {
	k := s.Key()
	n, known := o.number[k]
	if !known {
		n = len(o.states)
		o.number[k] = n
		o.states = append(o.states, s)
	}
	return n
}

func (o *oracle) enabled(s int) (set uint64) {
	for _, x := range o.steps[s] {
		if !x.optional {
			set |= x.keeps
		}
	}
	return set
}

// starves says whether some fair run never completes a thread, or with model.None any.
func (o *oracle) starves(victim, threads int, f model.Fairness) bool {
	for going := uint64(1); going < 1<<threads; going++ {
		for late := uint64(0); late < 1<<threads; late++ {
			if late&^going == 0 && o.goesOn(victim, going|late<<32, f) {
				return true
			}
		}
	}
	return false
}

// goesOn says whether there is an infinite run in which precisely the given threads go on for ever,
// and the given deadlines come again and again.
func (o *oracle) goesOn(victim int, going uint64, f model.Fairness) bool {
	strong := ^uint64(0)
	if f == model.WeakFairness {
		strong <<= 32
	}
	z := map[int]bool{}
	for s := range o.states {
		unfinished := victim != model.None && !o.ref.Done(o.states[s], victim)
		if victim == model.None {
			unfinished = slices.ContainsFunc(o.steps[s], func(oracleStep) bool { return true })
		}
		if unfinished && o.enabled(s)&strong&^going == 0 {
			z[s] = true
		}
	}
	may := func(s int, x oracleStep) bool {
		return z[s] && x.to >= 0 && z[x.to] && !x.optional && x.keeps&^going == 0 &&
			(!x.complete || victim != model.None && x.thread != victim)
	}
	for before := -1; before != len(z); {
		before = len(z)
		for u := range 64 {
			if going>>u&1 == 0 && strong>>u&1 != 0 {
				continue
			}
			meets := func(s int) bool {
				if going>>u&1 == 0 {
					return o.enabled(s)>>u&1 == 0
				}
				return slices.ContainsFunc(o.steps[s], func(x oracleStep) bool { return x.keeps>>u&1 != 0 && may(s, x) })
			}
			reaches := map[int]bool{}
			for s := range z {
				if meets(s) {
					reaches[s] = true
				}
			}
			for grew := true; grew; {
				grew = false
				for s := range z {
					if !reaches[s] && slices.ContainsFunc(o.steps[s], func(x oracleStep) bool { return may(s, x) && reaches[x.to] }) {
						reaches[s], grew = true, true
					}
				}
			}
			for s := range z {
				if !reaches[s] {
					delete(z, s)
				}
			}
		}
	}
	return len(z) > 0
}

// follow checks that a lasso is one: that its loop leads back, is fair, and completes nothing that
// it must not.
func (o *oracle) follow(t *rapid.T, l *Lasso, f model.Fairness) {
	at, rest := 0, l.Prefix
	if len(rest) > 0 && rest[0].Thread < 0 {
		at, rest = o.number[o.ref.Starts()[rest[0].Choice].Key()], rest[1:]
	}
	take := func(p model.Pick) oracleStep {
		var mine []oracleStep
		for _, x := range o.steps[at] {
			if x.thread == p.Thread {
				mine = append(mine, x)
			}
		}
		at = mine[p.Choice].to
		return mine[p.Choice]
	}
	for _, p := range rest {
		take(p)
	}
	start := at
	always, sometimes, steps := o.enabled(at), o.enabled(at), uint64(0)
	for _, p := range l.Loop {
		x := take(p)
		if x.optional {
			t.Errorf("the loop has a step that may never come")
		}
		if x.complete && (l.Victim == model.None || l.Victim == x.thread) {
			t.Errorf("the loop completes T%d", x.thread+1)
		}
		always &= o.enabled(at)
		sometimes |= o.enabled(at)
		steps |= x.keeps
	}
	if at != start || len(l.Loop) == 0 {
		t.Errorf("the loop of %d steps leads from %d to %d", len(l.Loop), start, at)
	}
	if f == model.StrongFairness {
		always = sometimes
	}
	if (always|sometimes>>32<<32)&^steps != 0 {
		t.Errorf("the loop is not %s fair: %b goes on, of %b", f, steps, always)
	}
	if l.Victim != model.None && o.ref.Done(o.states[at], l.Victim) {
		t.Errorf("T%d is finished", l.Victim+1)
	}
}

// The search says what the oracle says, and its lassos can be followed.
func TestAgreesWithOracle(t *testing.T) {
	found := map[model.Fairness]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := modeltest.Programs().Draw(t, "program")
		o := newOracle(p, 400)
		if o == nil {
			t.Skip("large")
		}
		for _, f := range model.Fairnesses() {
			for _, property := range model.Livenesses() {
				r, err := Search(t.Context(), p, Options{Fairness: f, Liveness: property})
				if err != nil {
					t.Fatal(err)
				}
				if int(r.States) != len(o.states) {
					t.Errorf("%d states, not %d", r.States, len(o.states))
				}
				want := false
				if property == model.Progress {
					want = o.starves(model.None, len(p.Threads), f)
				}
				for v := 0; property == model.Completion && v < len(p.Threads); v++ {
					want = want || o.starves(v, len(p.Threads), f)
				}
				if got := r.Lasso != nil; got != want {
					t.Errorf("%s, %s: a lasso: %v, want %v", property, f, got, want)
				}
				if r.Lasso != nil {
					found[f]++
					o.follow(t, r.Lasso, f)
				}
			}
		}
	})
	t.Log(found)
}
