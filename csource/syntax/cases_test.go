package syntax

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestCases compares sorted labels with looking at each of them.
func TestCases(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cs Cases
		for i := range rapid.IntRange(0, 12).Draw(t, "labels") {
			lo := rapid.Int64Range(-20, 20).Draw(t, "lo")
			cs = append(cs, CaseRange{Lo: lo, Hi: lo + rapid.SampledFrom([]int64{0, 0, 1, 3, 12, -1}).Draw(t, "more"), To: i})
		}
		overlaps := 0 // labels whose first value has another label that begins no later
		for i, a := range cs {
			if a.Lo <= a.Hi && slices.ContainsFunc(cs, func(b CaseRange) bool {
				return (b.Lo < a.Lo || b.Lo == a.Lo && b.To < i) && a.Lo <= b.Hi
			}) {
				overlaps++
			}
		}
		find := func(x int64) int {
			for _, c := range cs {
				if c.Lo <= x && x <= c.Hi {
					return c.To
				}
			}
			return -1
		}
		want := map[int64]int{}
		for x := int64(-25); x <= 25; x++ {
			want[x] = find(x)
		}
		twice := 0
		cs.Sort(func(c, first CaseRange) {
			twice++
			if c.To <= first.To || c.Lo > first.Hi || first.Lo > c.Hi {
				t.Fatalf("%+v is said to repeat %+v", c, first)
			}
		})
		if twice != overlaps {
			t.Fatalf("%d repetitions, not %d", twice, overlaps)
		}
		for x := range want {
			if got := cs.Find(x); overlaps == 0 && got != want[x] {
				t.Fatalf("%d leads to %d, not %d", x, got, want[x])
			}
		}
	})
}
