package mutate

import (
	"context"
	"encoding/binary"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// sameToOthers decides whether nobody who keeps to the locks can tell two programs apart: whether
// they are branching bisimilar in what they show (see showing), the initial states included. So
// whatever one can do next, and all that it can never do, is so in the other as well, after silent
// steps during which nothing of that changes (van Glabbeek and Weijland, Branching time and
// abstraction in bisimulation semantics, JACM 1996). No run is silent for ever, so neither can hide
// that it stops, or that it goes on.
//
// The classes of states are found by refinement. A state is told from another one by what is to be
// seen in it, and by the steps that it comes to by silent steps within its class (Blom and Orzan, A
// distributed algorithm for strong bisimulation reduction of state spaces, STTT 2005).
func sameToOthers(ctx context.Context, graphs [2]*graph) (bool, model.Limit) {
	class := [2][]int32{graphs[0].shows, graphs[1].shows}
	orders := [2][]int32{graphs[0].silentLast(), graphs[1].silentLast()}
	for count := classes(class); ; {
		if limit := model.Stopped(ctx); limit != model.NoLimit {
			return false, limit
		}
		if !slices.Equal(classesOf(class[0], graphs[0].starts), classesOf(class[1], graphs[1].starts)) {
			return false, model.NoLimit
		}
		names := interned{}
		for i, g := range graphs {
			class[i] = g.divided(class[i], orders[i], &names)
		}
		if len(names.ids) == count {
			return true, model.NoLimit
		}
		count = len(names.ids)
	}
}

// inSilence stands for a silent step among what steps show.
const inSilence = 1<<32 - 1

// divided are the classes after another round.
func (g *graph) divided(class, order []int32, names *interned) []int32 {
	next := make([]int32, len(class))
	all := make([][]uint64, len(class)) // by state: the steps that it comes to, and the classes that they lead to
	var b []byte
	for _, s := range order {
		var keys []uint64
		for _, x := range g.steps[s] {
			switch {
			case x.shows != silent:
				keys = append(keys, uint64(x.shows)<<32|uint64(class[x.to]))
			case class[x.to] != class[s]:
				keys = append(keys, inSilence<<32|uint64(class[x.to]))
			default:
				keys = append(keys, all[x.to]...)
			}
		}
		slices.Sort(keys)
		all[s] = slices.Clip(slices.Compact(keys))
		b = binary.AppendUvarint(b[:0], uint64(class[s]))
		for _, k := range all[s] {
			b = binary.AppendUvarint(b, k)
		}
		next[s] = names.of(b)
	}
	return next
}

// silentLast orders the states so that what a silent step leads to comes before where it begins. No
// silent steps make a cycle.
func (g *graph) silentLast() []int32 {
	order := make([]int32, 0, len(g.steps))
	begun, next := make([]bool, len(g.steps)), make([]int32, len(g.steps))
	var way []int32
	for root := range g.steps {
		if begun[root] {
			continue
		}
		begun[root] = true
		for way = append(way[:0], int32(root)); len(way) > 0; {
			s := way[len(way)-1]
			if int(next[s]) == len(g.steps[s]) {
				order, way = append(order, s), way[:len(way)-1]
				continue
			}
			x := g.steps[s][next[s]]
			if next[s]++; x.shows == silent && !begun[x.to] {
				begun[x.to] = true
				way = append(way, x.to)
			}
		}
	}
	return order
}
