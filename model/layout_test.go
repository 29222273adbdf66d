package model

import (
	"math/bits"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sized is a program with nothing in it but fields: that many nodes a thread, locks, values a
// variable.
func sized(nodes []int, locks int, values []int) *Program {
	p := &Program{Locks: make([]Lock, locks)}
	for _, n := range nodes {
		p.Threads = append(p.Threads, Thread{Nodes: make([]Node, n)})
	}
	for _, n := range values {
		v := Var{}
		for x := range n {
			v.Values = append(v.Values, int64(x))
		}
		p.Vars = append(p.Vars, v)
	}
	return p
}

// TestLayout checks for random sizes that every field lies within one word, is wide enough, keeps
// every value that it may have, and touches no other field.
func TestLayout(t *testing.T) {
	widths := map[int]int{}
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(rapid.IntRange(1, 5), rapid.IntRange(1, 70), rapid.SampledFrom([]int{1, 2, 3, 4, 16, 17, 1 << 10, 1<<10 + 1}))
		sizes := []int{}
		nodes := rapid.SliceOfN(size, 1, 6).Draw(t, "nodes")
		locks := rapid.IntRange(0, 9).Draw(t, "locks")
		least := rapid.SampledFrom([]int{0, 0, 20, 60, 150}).Draw(t, "variables")
		values := rapid.SliceOfN(size, least, least+20).Draw(t, "values")
		sizes = append(sizes, nodes...)
		sizes = append(sizes, slices.Repeat([]int{2}, locks)...)
		sizes = append(sizes, values...)
		l, err := newLayout(sized(nodes, locks, values))
		if err != nil {
			if l.used <= 64*widest-64 { // a field may leave its word's last bits
				t.Fatalf("%d bits: %v", l.used, err)
			}
			return
		}
		fields := slices.Concat(l.pc, l.locks, l.vars)
		if len(fields) != len(sizes) {
			t.Fatalf("%d fields for %d things", len(fields), len(sizes))
		}
		used := 0
		for i, f := range fields {
			if f.mask>>bits.Len64(f.mask) != 0 || int(f.shift)+bits.Len64(f.mask) > 64 || f.mask&(f.mask+1) != 0 {
				t.Fatalf("field %d: mask %x at bit %d goes across words", i, f.mask, f.shift)
			}
			if n := sizes[i]; f.mask < uint64(n-1) || n > 1 && f.mask>>1 >= uint64(n-1) {
				t.Fatalf("field %d of %d values has the mask %x", i, n, f.mask)
			}
			used += bits.Len64(f.mask)
		}
		if used != l.used {
			t.Fatalf("%d bits are used, %d are said to be", used, l.used)
		}
		if fields[len(fields)-1].word >= l.width {
			t.Fatalf("the last field is in word %d of %d", fields[len(fields)-1].word, l.width)
		}
		widths[l.width]++
		separate(t, fields)
	})
	if len(widths) < 4 {
		t.Errorf("only the widths %v", widths)
	}
}

const widest = 16

// separate writes to every field of a state that is full of ones, and of zeros, and reads all
// others.
func separate(t *rapid.T, fields []field) {
	var zeros, ones [widest]uint64
	for w := range ones {
		ones[w] = ^uint64(0)
	}
	for i, f := range fields {
		for _, background := range [...][widest]uint64{zeros, ones} {
			for _, x := range []uint64{0, 1 & f.mask, f.mask, f.mask >> 1} {
				s := background
				put(&s, f, x)
				if got := get(&s, f); got != x || f.place(x) != x<<f.shift {
					t.Fatalf("field %d: wrote %d, read %d", i, x, got)
				}
				for j, other := range fields {
					if j != i && get(&s, other) != get(&background, other) {
						t.Fatalf("writing field %d changed field %d", i, j)
					}
				}
				put(&s, f, get(&background, f))
				if s != background {
					t.Fatalf("writing field %d changed bits of no field", i)
				}
			}
		}
	}
}

// TestLayoutWidths pins the width of states at each edge.
func TestLayoutWidths(t *testing.T) {
	for _, c := range []struct {
		bits  int // one-bit fields
		width int
	}{
		{0, 1},
		{1, 1},
		{64, 1},
		{65, 2},
		{128, 2},
		{129, 3},
		{192, 3},
		{193, 4},
		{256, 4},
		{257, 6},
		{384, 6},
		{385, 8},
		{512, 8},
		{513, 16},
		{1024, 16},
	} {
		p := sized(nil, c.bits, nil)
		if got, err := Width(p); err != nil || got != c.width {
			t.Errorf("%d bits: width %d, %v, want %d", c.bits, got, err, c.width)
		}
	}
	// Six fields of eleven bits do not fit one word, though 64 bits would be enough for 5.8 of
	// them.
	if got, _ := Width(sized(nil, 0, slices.Repeat([]int{1 << 11}, 6))); got != 2 {
		t.Errorf("six fields of eleven bits: width %d", got)
	}
	_, err := Width(sized(nil, 1025, nil))
	if want := "model: a state needs 1025 bits, more than 1024"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestNewMachineRefuses checks what no machine can be made of.
func TestNewMachineRefuses(t *testing.T) {
	if _, err := NewMachine[[1]uint64](sized(nil, 1025, nil)); err == nil {
		t.Error("more bits than a state may have")
	}
	_, err := NewMachine[[1]uint64](sized(nil, 65, nil))
	if want := "model: a state of 1 words does not fit a program of 2"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = NewMachine[[1]uint64](sized(slices.Repeat([]int{1}, MaxThreads+1), 0, nil))
	if want := "model: 33 threads are more than 32"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestNarrowField checks that an index that does not fit is not written into the next field.
func TestNarrowField(t *testing.T) {
	defer func() {
		if r := recover(); r == nil || !strings.Contains(r.(string), "too narrow") {
			t.Errorf("recovered %v", r)
		}
	}()
	field{mask: 3}.place(4)
}

// TestNoSuchValue checks that a program which assigns what its variable cannot take is not
// compiled.
func TestNoSuchValue(t *testing.T) {
	defer func() {
		if r := recover(); r == nil || r.(string) != "model: x never takes the value 7" {
			t.Errorf("recovered %v", r)
		}
	}()
	p := &Program{Vars: []Var{{Name: "x", Values: []int64{0, 1}, Initial: 7}}}
	_, _ = NewMachine[[1]uint64](p)
}
