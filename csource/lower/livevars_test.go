package lower

import (
	"slices"
	"testing"

	"github.com/lockproof/lockproof/csource/syntax"
	"pgregory.net/rapid"
)

// slowLiveVariables goes over all instructions and all slots until nothing changes.
func slowLiveVariables(f *function) [][]bool {
	live := make([][]bool, len(f.code)+1)
	for i := range live {
		live[i] = make([]bool, len(f.slots))
	}
	for changed := true; changed; {
		changed = false
		for i := len(f.code) - 1; i >= 0; i-- {
			c := &f.code[i]
			for s := range f.slots {
				is := f.taken[s]
				c.reads(func(slot int) { is = is || slot == s })
				if c.dst != s {
					c.next(i, func(to int) { is = is || live[to][s] })
				}
				if is && !live[i][s] {
					live[i][s], changed = true, true
				}
			}
		}
	}
	return live
}

func TestLiveVariables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, slots := rapid.IntRange(1, 14).Draw(t, "instructions"), rapid.IntRange(1, 5).Draw(t, "slots")
		some := func(name string) int { return rapid.IntRange(-1, slots-1).Draw(t, name) }
		place := func(name string) int { return rapid.IntRange(0, n).Draw(t, name) }
		f := &function{slots: make([]slot, slots)}
		for range n {
			f.code = append(f.code, instr{
				op: opcode(rapid.IntRange(0, int(iReturn)).Draw(t, "op")), dst: some("dst"), a: operand{slot: some("a")}, b: operand{slot: some("b")},
				args: []operand{{slot: some("argument")}},
				then: place("then"), otherwise: place("otherwise"), cases: syntax.Cases{{To: place("case")}},
			})
		}
		f.code = append(f.code, instr{op: iReturn, dst: -1, a: constant(value{})})
		if s := some("taken"); s >= 0 {
			f.take(s)
		}
		f.liveVariables(nil)
		want := slowLiveVariables(f)
		for i := range f.code {
			var list []int
			for s := range f.slots {
				if f.isLive(s, i) != want[i][s] {
					t.Fatalf("slot %d at %d: %v", s, i, !want[i][s])
				}
				if want[i][s] {
					list = append(list, s)
				}
			}
			if !slices.Equal(f.liveAt(i), list) {
				t.Fatalf("at %d: %v, want %v", i, f.liveAt(i), list)
			}
		}
	})
}

// TestSlots compares frames that share values with frames that are copied.
func TestSlots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3*chunkSize).Draw(t, "slots")
		frames, plain := []slots{newSlots(n)}, [][]value{make([]value, n)}
		for step := range rapid.IntRange(1, 40).Draw(t, "steps") {
			i := rapid.IntRange(0, len(frames)-1).Draw(t, "frame")
			switch rapid.SampledFrom([]string{"set", "set", "clone", "update"}).Draw(t, "what") {
			case "set":
				s := rapid.IntRange(0, n-1).Draw(t, "slot")
				frames[i].set(s, intValue(int64(step)))
				plain[i][s] = intValue(int64(step))
			case "clone":
				frames, plain = append(frames, frames[i].clone()), append(plain, slices.Clone(plain[i]))
			case "update":
				next := func(v value) value {
					if v.n%2 == 1 {
						v.n += 100
					}
					return v
				}
				frames[i].update(next)
				for s, v := range plain[i] {
					plain[i][s] = next(v)
				}
			}
			for f := range frames {
				for s := range n {
					if frames[f].get(s) != plain[f][s] {
						t.Fatalf("slot %d of frame %d is %v, not %v", s, f, frames[f].get(s), plain[f][s])
					}
				}
			}
		}
	})
}
