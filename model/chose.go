package model

import "math/bits"

// Chose says how the nondeterministic choices (nondet) on the way along an edge came out, in their
// order: the bits below the leading one, the first choice highest. Ways that meet again are one,
// and the choices of one of them stand for all. The zero value is of a way without choices.
type Chose uint32

// mostChosen is how many choices there is room for. On a way with more, none is known.
const mostChosen = 31

// And is c with one more choice, which gave yes or not.
func (c Chose) And(yes bool) Chose {
	switch {
	case c == unknownChoices || bits.Len32(uint32(c)) > mostChosen:
		return unknownChoices
	case c == 0:
		c = 1
	}
	c <<= 1
	if yes {
		c |= 1
	}
	return c
}

// unknownChoices is the leading one alone, as no way with a choice has it.
const unknownChoices Chose = 1

// Known reports whether c tells all choices.
func (c Chose) Known() bool { return c != unknownChoices }

// All lists how the choices came out.
func (c Chose) All() []bool {
	var all []bool
	for i := bits.Len32(uint32(c)) - 2; i >= 0; i-- {
		all = append(all, c>>i&1 == 1)
	}
	return all
}
