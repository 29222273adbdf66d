package typestate

import (
	"encoding/binary"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// An aspect is one thing that is known of a place.
type aspect uint8

const (
	isHeld  aspect = iota // a lock, or the owner field of a job: by this thread, 0 or the value that was stored
	holds                 // what is stored there
	isThere               // a pointer that leads here is not NULL
	isFreed               // 1 when it may have been, 2 when it has
	refs                  // references that this thread has taken, less those that it has dropped
	dropped               // a lock has been dropped: what it guards is no longer known
	escaped               // something that outlives the function may lead here
	fresh                 // found or made here: nothing of it is held but what the facts say
	// the list has it, and so a reference of it, for its lock was held ever since that was looked at
	isListed
	changed // a parameter has been assigned
	adopted // a job that this thread works on, and has not begun
	under   // found by way of what a lock guards: a pointer to that lock
	old     // found under a lock that was dropped since, without a job
	altered // what the lock guards has been changed, without a job for all that is known here
	taken   // references that this function has taken by itself, of what no contract knows
	given   // references that callees have returned, of what no contract knows
	made    // a new object, whose one reference is this thread's: 1, or a table's: 2
	stored  // a new object that was stored in another one
	left    // this thread has dropped its reference: whether it is still there is not known
	said    // a rule has asked for a job of which it is not known whether it is held: it is then
	jobless // its lock was dropped while this thread had no job there: what was read before is no longer true
)

// A fact is what is known of one aspect of a place.
type fact struct {
	place  place
	aspect aspect
	read   bool // a condition has told it, nobody has stored it; no part of the state's identity
	val    value
	why    *trail // since when; no part of the identity either
}

// A need is what has to hold when the function is called, as far as one path says.
type need struct {
	fact
	tested bool // a rule asks for it; else a condition of the code has only been followed

	chosen bool // another way through a callee would have asked for something else
	told   bool // and its result, or a number that the function was given, says which way it was
	mild   bool // what is broken by it does little harm
	kind   model.Kind
	origin *origin
}

// An origin says where a need comes from: the place, and the calls that lead there.
type origin struct {
	pos  model.Pos
	fn   string
	text string
	in   *origin // in the callee

	of     *function // fn, where it has a body
	ref    ref       // what a callee needs, as that names it
	passes uint8     // 1 + the parameter that decides whether it is needed, 0 when none does
	begins bool      // a job is begun
}

// A trail is the path so far, the last step first.
type trail struct {
	prev  *trail
	pos   model.Pos
	text  string
	cond  syntax.Expr // instead of a text: a condition, and how it came out
	truth bool
	in    *origin  // what a callee did
	sum   *summary // of the callee, nil when it is none
	// a lock is given back, and was not taken on the way here
	unlocks bool
}

// A choice is how a condition came out whose value nobody knows.
type choice struct {
	cond  int32 // in function.conds
	truth bool
}

// A state is what is known at one point of one path. A copy shares what neither changes.
type state struct {
	vars    []value  // by local, then by temporary
	facts   []fact   // by place and aspect
	needs   []need   // by place and aspect; never changed, but replaced
	choices []choice // by condition; never changed, but replaced
	results []result // of the calls of the item at hand
	trail   *trail
	met     *trail // the last step before a place to which several ways lead
	lossy   bool   // facts were dropped on the way here

	varsShared, factsShared bool // another state has them too
	// they lie in the memory of the block at hand, as the state itself may
	varsBrief, factsBrief, needsBrief bool
	mem                               *memory
}

// A result is what a call gave.
type result struct {
	call *syntax.Call
	v    value
}

func (s *state) clone() *state {
	s.varsShared, s.factsShared = true, true
	c := &s.mem.states.take(1)[0]
	*c = *s
	c.results = slices.Clip(s.results)
	return c
}

// settled is a copy that outlives the block at hand.
func (s *state) settled() *state {
	s.varsShared, s.factsShared = true, true
	c := *s
	if c.varsBrief {
		c.vars, c.varsShared, c.varsBrief = slices.Clone(c.vars), false, false
	}
	if c.factsBrief {
		c.facts, c.factsShared, c.factsBrief = slices.Clone(c.facts), false, false
	}
	if c.needsBrief {
		c.needs, c.needsBrief = slices.Clone(c.needs), false
	}
	return &c
}

// setVar gives a local or temporary a value.
func (s *state) setVar(i int, v value) {
	if s.vars[i] == v {
		return
	}
	if s.varsShared {
		s.vars, s.varsShared, s.varsBrief = s.mem.vars.copied(s.vars, 0), false, true
	}
	s.vars[i] = v
}

// own makes the facts this state's alone, with room for more, so that they can be changed.
func (s *state) own() {
	if s.factsShared {
		s.moveFacts(4)
	}
}

// moveFacts makes a copy of the facts this state's, with room for some more.
func (s *state) moveFacts(room int) {
	s.facts, s.factsShared, s.factsBrief = s.mem.facts.copied(s.facts, room), false, true
}

// filter keeps the facts that are to stay.
func (s *state) filter(stays func(*fact) bool) {
	for i := range s.facts {
		if stays(&s.facts[i]) {
			continue
		}
		s.own()
		kept := s.facts[:i]
		for j := i + 1; j < len(s.facts); j++ {
			if stays(&s.facts[j]) {
				kept = append(kept, s.facts[j])
			}
		}
		s.facts = kept
		return
	}
}

// keepChoices keeps the choices that are to stay.
func (s *state) keepChoices(stays func(choice) bool) {
	goes := func(c choice) bool { return !stays(c) }
	if slices.ContainsFunc(s.choices, goes) {
		s.choices = slices.DeleteFunc(slices.Clone(s.choices), goes)
	}
}

func (s *state) at(p place, a aspect) (value, bool) {
	f := s.fact(p, a)
	if f == nil {
		return unknown, false
	}
	return f.val, true
}

// fact is what is known of an aspect, to be read only; nil when nothing is.
func (s *state) fact(p place, a aspect) *fact {
	if i, ok := s.find(p, a); ok {
		return &s.facts[i]
	}
	return nil
}

// find is a binary search for a fact: it is what most time goes into.
func (s *state) find(p place, a aspect) (int, bool) {
	lo, hi := 0, len(s.facts)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if f := &s.facts[mid]; f.place < p || f.place == p && f.aspect < a {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(s.facts) && s.facts[lo].place == p && s.facts[lo].aspect == a
}

func (s *state) set(p place, a aspect, v value) {
	if p == noPlace {
		return
	}
	s.put(fact{place: p, aspect: a, val: v, why: s.trail})
}

// learn is set for what a condition has told.
func (s *state) learn(p place, a aspect, v value) {
	if p == noPlace {
		return
	}
	old := s.fact(p, a)
	s.put(fact{place: p, aspect: a, val: v, why: s.trail, read: old == nil || old.read})
}

func (s *state) put(f fact) {
	i, ok := s.find(f.place, f.aspect)
	if ok {
		if s.facts[i].val != f.val {
			s.own()
			s.facts[i] = f
		}
		return
	}
	s.own()
	if len(s.facts) == cap(s.facts) {
		s.moveFacts(8)
	}
	s.facts = slices.Insert(s.facts, i, f)
}

func (s *state) drop(p place, a aspect) {
	if i, ok := s.find(p, a); ok {
		s.own()
		s.facts = slices.Delete(s.facts, i, i+1)
	}
}

func (s *state) need(p place, a aspect) *need {
	if i, ok := s.findNeed(p, a); ok {
		return &s.needs[i]
	}
	return nil
}

func (s *state) findNeed(p place, a aspect) (int, bool) {
	lo, hi := 0, len(s.needs)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if n := &s.needs[mid]; n.place < p || n.place == p && n.aspect < a {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(s.needs) && s.needs[lo].place == p && s.needs[lo].aspect == a
}

// ownNeeds makes the needs this state's alone.
func (s *state) ownNeeds() { s.needs, s.needsBrief = s.mem.needs.copied(s.needs, 0), true }

// want adds a need. One that is there already is narrowed.
func (s *state) want(n need) {
	i, ok := s.findNeed(n.place, n.aspect)
	if ok {
		return
	}
	n.why = s.trail
	needs := s.mem.needs.take(len(s.needs) + 1)
	copy(needs, s.needs[:i])
	needs[i] = n
	copy(needs[i+1:], s.needs[i:])
	s.needs, s.needsBrief = needs, true
}

func (s *state) step(pos model.Pos, text string) {
	s.trail = &trail{prev: s.trail, pos: pos, text: text}
}

func (s *state) resultOf(c *syntax.Call) (value, bool) {
	for i := len(s.results) - 1; i >= 0; i-- {
		if s.results[i].call == c {
			return s.results[i].v, true
		}
	}
	return unknown, false
}

// key is the identity of a state: equal keys, equal futures.
func (s *state) key(b []byte) []byte {
	b = b[:0]
	for i, v := range s.vars {
		if v != unknown {
			b = binary.AppendUvarint(b, uint64(i+1))
			b = appendValue(b, v)
		}
	}
	b = append(b, 0)
	for _, f := range s.facts {
		b = binary.AppendUvarint(b, uint64(f.place+1))
		b = append(b, byte(f.aspect))
		b = appendValue(b, f.val)
	}
	b = append(b, 0)
	for i := range s.needs {
		n := &s.needs[i]
		b = binary.AppendUvarint(b, uint64(n.place+1))
		b = append(b, byte(n.aspect))
		b = appendValue(b, n.val)
	}
	b = append(b, 0)
	for _, c := range s.choices {
		b = binary.AppendUvarint(b, uint64(c.cond)<<1|boolBit(c.truth))
	}
	return b
}

func boolBit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func appendValue(b []byte, v value) []byte {
	b = binary.AppendUvarint(b, uint64(v.at))
	b = append(b, v.signs, v.from)
	if v.other {
		b = append(b, 1)
	}
	if v.known || v.other {
		b = binary.AppendVarint(b, v.n)
	}
	return b
}
