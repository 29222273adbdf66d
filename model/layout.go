package model

import (
	"fmt"
	"math/bits"
)

// Words is a packed state: every field of the program at a fixed place, no field across two words.
// Equal states are equal values, so states can be compared, copied and used as map keys.
type Words interface {
	[1]uint64 | [2]uint64 | [3]uint64 | [4]uint64 | [6]uint64 | [8]uint64 | [16]uint64
}

// widths are the lengths of the arrays in [Words].
var widths = [...]int{1, 2, 3, 4, 6, 8, 16}

// A field is a place in a packed state.
type field struct {
	word  int
	shift uint
	mask  uint64 // unshifted; 0: the field has no bits, its value is always 0
}

func (f field) bits() uint64 { return f.mask << f.shift }

// place is the index v where the field has it. An index that the field cannot hold is a mistake of
// ours: as bits it would match nothing, or be read as another field's.
func (f field) place(v uint64) uint64 {
	if v&^f.mask != 0 {
		panic("model: a field is too narrow for an index")
	}
	return v << f.shift
}

// A layout says where each part of the state is kept: the location of every thread, one bit for
// every lock (its owner is known from the locations: a node knows what its thread holds), and the
// index of every variable's value.
type layout struct {
	pc    []field
	locks []field
	vars  []field
	width int // words
	used  int // bits
}

func newLayout(p *Program) (layout, error) {
	var l layout
	var sizes []int
	for i := range p.Threads {
		sizes = append(sizes, bitsFor(len(p.Threads[i].Nodes)))
	}
	for range p.Locks {
		sizes = append(sizes, 1)
	}
	for i := range p.Vars {
		sizes = append(sizes, bitsFor(len(p.Vars[i].Values)))
	}
	fields := make([]field, len(sizes))
	word, shift := 0, uint(0)
	for i, n := range sizes {
		if shift+uint(n) > 64 {
			word, shift = word+1, 0
		}
		fields[i] = field{word: word, shift: shift, mask: 1<<n - 1}
		shift += uint(n)
		l.used += n
	}
	l.pc, fields = fields[:len(p.Threads)], fields[len(p.Threads):]
	l.locks, l.vars = fields[:len(p.Locks)], fields[len(p.Locks):]
	for _, w := range widths {
		if w > word {
			l.width = w
			return l, nil
		}
	}
	return l, fmt.Errorf("model: a state needs %d bits, more than %d", l.used, 64*widths[len(widths)-1])
}

// bitsFor is the number of bits that tell n values apart.
func bitsFor(n int) int {
	if n <= 1 {
		return 0
	}
	return bits.Len(uint(n - 1))
}

// Width is the number of 64-bit words in a packed state of p, one of the lengths of [Words].
func Width(p *Program) (int, error) {
	l, err := newLayout(p)
	return l.width, err
}
