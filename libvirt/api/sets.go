package api

import (
	"encoding/binary"
	"unsafe"

	"github.com/lockproof/lockproof/checker/linear"
)

// A set is all that a domain may be like at a moment. Equal sets are one.
type set struct {
	states []state
	after  map[move]*set // what moves without a number make of it
}

// sets are the sets that a check has met.
type sets struct {
	free    bool // guests stop and pause by themselves
	known   map[string]*set
	unknown *set // all that a domain may be like
	bytes   int64
	full    bool // there was no room for another
}

// mostSets is how many bytes all sets may take.
const mostSets = 1 << 28

func newSets(free bool) *sets {
	x := &sets{free: free, known: map[string]*set{}}
	x.unknown = x.intern(settle(anything(nil), free))
	return x
}

// checker is a checker of domains.
func (x *sets) checker(o Options) *linear.Objects[situation, move] {
	return linear.NewObjects(linear.Object[situation, move]{
		Step:          x.step,
		Silent:        func(m *move) bool { return m.number == 0 && !m.havoc && m.step.looks() },
		Like:          func(m *move) [4]int64 { return m.likeness() },
		Describe:      (*move).String,
		DescribeState: x.describe,
		Line:          func(m *move) int { return m.call.Line },
	}, o)
}

func (m *move) likeness() [4]int64 {
	k := int64(m.step.do) | int64(m.step.job)<<8 | int64(m.number)<<16 | int64(m.index)<<24
	if m.havoc {
		k |= 1 << 32
	}
	return [4]int64{k, m.step.show, m.step.why, 0}
}

// intern is the set of some states, which are in order.
func (x *sets) intern(all []state) *set {
	if len(all) == 0 {
		return nil
	}
	key := make([]byte, 0, 8*len(all))
	for _, s := range all {
		key = binary.LittleEndian.AppendUint64(key, uint64(s.pack()))
	}
	if s, ok := x.known[string(key)]; ok {
		return s
	}
	if x.bytes += int64(len(key)) + int64(len(all))*int64(unsafe.Sizeof(state{})) + 256; x.bytes > mostSets {
		x.full = true
		return nil
	}
	s := &set{states: all, after: map[move]*set{}}
	x.known[string(key)] = s
	return s
}

// after is the set of all that a move makes of a set; nil where it can happen in none.
func (x *sets) after(s *set, m *move) *set {
	if x.full {
		return nil
	}
	key := move{step: m.step, havoc: m.havoc} // equal for all that do the same
	if next, ok := s.after[key]; ok {
		return next
	}
	var all []state
	if m.havoc {
		all = anything(s.states)
	} else {
		for _, a := range s.states {
			all = m.step.apply(a, all)
		}
	}
	next := x.intern(settle(all, x.free))
	s.after[key] = next
	x.bytes += 128
	return next
}

// anything are all states of a domain, with the jobs that last in some.
func anything(now []state) []state {
	var all []state
	each := func(s state) {
		all = append(all, s)
		for _, n := range now {
			if n.job != noJob && s.there() {
				s.job, s.owner, s.resume, s.aborted = n.job, n.owner, n.resume, n.aborted
				all = append(all, s)
			}
		}
	}
	for _, image := range []bool{false, true} {
		each(state{life: absent, image: image})
		each(state{life: present, persistent: true, show: shutoff, why: anyReason, image: image})
		for _, persistent := range []bool{false, true} {
			for _, x := range []show{running, paused, panicked, asleep} {
				for _, d := range []device{noDevice, attached} {
					each(state{life: present, persistent: persistent, active: true, show: x, why: anyReason, image: image, device: d})
				}
			}
		}
	}
	return sorted(all)
}
