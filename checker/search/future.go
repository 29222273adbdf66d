package search

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A Closed is the evidence of a partial deadlock: the set of states that can be reached from where
// its trace ends. Nothing leads out of it, and in none of its states can the stuck threads finish,
// nor complete a round. Where only luck could help them, it is what the steps lead to that must
// come.
type Closed struct {
	States int
	Luck   bool         // a step that may never come may lead out of it
	Waits  []ClosedWait // of the stuck threads, by thread, what is waited for most often first
}

// A ClosedWait says in how many states of a closed set a thread waits for something.
type ClosedWait struct {
	Thread int
	For    string // a lock, or a condition
	Asleep bool   // in the waiter set of a condition
	States int
}

// future is what can be reached from one state: in full, or as far as there was room.
type future[S model.Words] struct {
	v      viewer[S]
	states []S
	steps  [][]futureStep
	fails  []bool // by state: a step that must come breaks a rule
	whole  bool
	broken bool // some step fails
}

type futureStep struct {
	to, thread          int
	completes, optional bool
}

// future explores from a state, for explanations. It ends early, and is not whole, where there are
// more states than are looked at for those, or where over says so.
func (v viewer[S]) future(from *S, over func(int64) bool) *future[S] {
	f := &future[S]{v: v, states: []S{*from}}
	index := map[S]int{*from: 0}
	for i := 0; i < len(f.states); i++ {
		if len(f.states) > maxExplained || over(1) {
			return f
		}
		var out []futureStep
		fails := false
		for _, succ := range v.m.Successors(&f.states[i], nil) {
			if succ.Failed != nil {
				f.broken = true
				fails = fails || !v.m.Optional(succ.Rule)
				continue
			}
			to, known := index[succ.State]
			if !known {
				to = len(f.states)
				index[succ.State] = to
				f.states = append(f.states, succ.State)
			}
			out = append(out, futureStep{to, v.m.ThreadOf(succ.Rule), v.m.Completes(succ.Rule), v.m.Optional(succ.Rule)})
		}
		f.steps, f.fails = append(f.steps, out), append(f.fails, fails)
	}
	f.whole = true
	return f
}

// counts reports whether a step is one of all, or of those that must come.
func (x *futureStep) counts(every bool) bool { return every || !x.optional }

// losers tells for each state which threads can never complete anything from there: by every step,
// or by those that must come.
func (f *future[S]) losers(every bool) []uint32 {
	all := f.v.everybody()
	can := make([]uint32, len(f.states))
	for changed := true; changed; {
		changed = false
		for i := len(f.states) - 1; i >= 0; i-- {
			now := can[i]
			for t := range f.v.m.Program.Threads {
				if f.v.m.Finished(&f.states[i], t) {
					now |= 1 << t
				}
			}
			for k := range f.steps[i] {
				x := &f.steps[i][k]
				if !x.counts(every) {
					continue
				}
				if x.completes {
					now |= 1 << x.thread
				}
				now |= can[x.to]
			}
			changed = changed || now != can[i]
			can[i] = now
		}
	}
	for i := range can {
		can[i] ^= all
	}
	return can
}

// isDeadlock reports whether all stand still in a state: nothing can happen, or nothing must, and
// what may helps nobody who sleeps, or everybody. Lost is who can never complete anything.
func (f *future[S]) isDeadlock(i int, lost []uint32) bool {
	if f.v.m.AllFinished(&f.states[i]) || f.fails[i] {
		return false
	}
	deserted := true
	for k := range f.steps[i] {
		x := &f.steps[i][k]
		if !x.optional {
			return false
		}
		deserted = deserted && f.v.deserted(&f.states[i], x.thread)
	}
	return deserted || lost[i] == 0
}

// kind is that of the partial deadlock at the beginning: as the search tells it, see labelStuck.
func (f *future[S]) kind(lost []uint32, every bool) model.Kind {
	l := make([]uint32, len(f.states))
	for i := range f.states {
		if lost[i] != 0 {
			kind, _ := f.v.hang(&f.states[i], lost[i])
			l[i] = pick(kind == model.LockOrder, meetsCycle) | pick(kind == model.LostWakeup, meetsLost)
		}
	}
	for _, derive := range derivations {
		for i := range l {
			if lost[i] != 0 {
				l[i] |= derive(l[i])
			}
		}
		for changed := true; changed; {
			changed = false
			for i := len(l) - 1; i >= 0; i-- {
				now := l[i]
				for k := range f.steps[i] {
					if x := &f.steps[i][k]; x.counts(every) {
						now |= l[x.to]
					}
				}
				changed = changed || now != l[i]
				l[i] = now
			}
		}
	}
	for _, k := range stuckKinds {
		if l[0]&k.bit != 0 {
			return k.kind
		}
	}
	return ""
}

// closed lists what the threads wait for in the states that can be reached from the first: by every
// step, or by those that must come.
func (f *future[S]) closed(threads uint32, every bool) *Closed {
	within := make([]bool, len(f.states))
	within[0] = true
	c := &Closed{Luck: !every}
	count := make([]map[ClosedWait]int, len(f.v.m.Program.Threads))
	for todo := []int{0}; len(todo) > 0; {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		c.States++
		for _, w := range f.v.waits(&f.states[i], threads) {
			if count[w.thread] == nil {
				count[w.thread] = map[ClosedWait]int{}
			}
			count[w.thread][ClosedWait{Thread: w.thread, For: w.resource, Asleep: w.asleep}]++
		}
		for k := range f.steps[i] {
			if x := &f.steps[i][k]; x.counts(every) && !within[x.to] {
				within[x.to] = true
				todo = append(todo, x.to)
			}
		}
	}
	for rest := threads; rest != 0; rest &= rest - 1 {
		c.Waits = append(c.Waits, mostFirst(count[bits.TrailingZeros32(rest)])...)
	}
	return c
}

// endless names the threads that loop for ever in some state, and where.
func (f *future[S]) endless(threads uint32) string {
	m := f.v.m
	var texts []string
	for _, t := range threadsOf(threads) {
		i := slices.IndexFunc(f.states, func(s S) bool { return m.Program.Threads[t].Endless(m.Location(&s, t)) })
		if i >= 0 {
			texts = append(texts, fmt.Sprintf("%s loops for ever at %s", threadNumber(t), m.At(&f.states[i], t).Pos))
		}
	}
	return strings.Join(texts, ", ")
}

func mostFirst(count map[ClosedWait]int) []ClosedWait {
	var out []ClosedWait
	for w, n := range count {
		w.States = n
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b ClosedWait) int {
		return cmp.Or(cmp.Compare(b.States, a.States), cmp.Compare(a.For, b.For))
	})
	return out
}
