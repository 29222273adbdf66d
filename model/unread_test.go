package model

import (
	"slices"
	"strings"
	"testing"
)

// Each variable is looked at for itself: that the process has ended is, what stands beside it is
// not.
func TestReadOfItself(t *testing.T) {
	for i := range 3 {
		for what, v := range map[string]Var{
			"the end of the process": {Exit: true}, "a start": {Starts: 1}, "a job": {Job: true}, "references": {Refs: true},
		} {
			p := &Program{Vars: make([]Var, 3)}
			p.Vars[i] = v
			want := make([]bool, 3)
			want[i] = true
			if got := p.read(); !slices.Equal(got, want) {
				t.Errorf("%s as variable %d: %v", what, i, got)
			}
		}
	}
}

// A place is passed when one of the paths through it was taken.
func TestPassed(t *testing.T) {
	c := &Code{Places: make([]Place, 3), Paths: [][]int32{{0}, {1, 2}, {2}, nil}}
	for taken, want := range map[[4]bool][]bool{
		{}:                       {false, false, false},
		{true}:                   {true, false, false},
		{false, true}:            {false, true, true},
		{false, false, true}:     {false, false, true},
		{true, true, true, true}: {true, true, true},
	} {
		if got := c.Passed(taken[:]); !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", taken, got, want)
		}
	}
}

// A text from outside is quoted as a whole up to 40 bytes.
func TestQuote(t *testing.T) {
	for n, want := range map[int]int{1: 3, 40: 42, 41: 45, 400: 45} {
		if got := quote(strings.Repeat("x", n)); len(got) != want {
			t.Errorf("%d bytes: %s", n, got)
		}
	}
}
