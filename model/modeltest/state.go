package modeltest

import (
	"maps"
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/model"
)

// A State is everything that a program's meaning knows of one moment, in plain words.
type State struct {
	At     []model.NodeID
	Value  map[model.VarID]int64
	Owner  map[model.LockID]int          // who holds a lock; a free lock is absent
	Job    map[model.VarID]int           // who made a job non-zero
	Asleep map[model.CondID]map[int]bool // the waiter sets
	Freed  map[model.ObjectID]bool       // objects whose last reference was dropped
}

// clone is a copy that shares nothing with s.
func (s *State) clone() *State {
	c := &State{
		At: slices.Clone(s.At), Value: maps.Clone(s.Value), Owner: maps.Clone(s.Owner), Job: maps.Clone(s.Job),
		Asleep: map[model.CondID]map[int]bool{}, Freed: maps.Clone(s.Freed),
	}
	for cond, ts := range s.Asleep {
		c.Asleep[cond] = maps.Clone(ts)
	}
	return c
}

// Key tells states apart: equal states have equal keys.
func (s *State) Key() string {
	b := make([]byte, 0, 128)
	number := func(mark byte, n int64) {
		b = append(b, mark)
		b = strconv.AppendInt(b, n, 10)
	}
	for _, n := range s.At {
		number('@', int64(n))
	}
	for _, v := range slices.Sorted(maps.Keys(s.Value)) {
		number('v', int64(v))
		number('=', s.Value[v])
	}
	for _, l := range slices.Sorted(maps.Keys(s.Owner)) {
		number('l', int64(l))
		number('=', int64(s.Owner[l]))
	}
	for _, v := range slices.Sorted(maps.Keys(s.Job)) {
		number('j', int64(v))
		number('=', int64(s.Job[v]))
	}
	for _, c := range slices.Sorted(maps.Keys(s.Asleep)) {
		for _, t := range slices.Sorted(maps.Keys(s.Asleep[c])) {
			number('c', int64(c))
			number('=', int64(t))
		}
	}
	for _, o := range slices.Sorted(maps.Keys(s.Freed)) {
		number('f', int64(o))
	}
	return string(b)
}
