package clamp

import "testing"

func TestTo(t *testing.T) {
	for n, want := range map[int]int{-2: 0, 3: 3, 9: 7} {
		t.Run("", func(t *testing.T) {
			if got := To(n, 7); got != want {
				t.Errorf("got %d, want %d", got, want)
			}
		})
	}
}

// TestSign does not look at negative numbers.
func TestSign(t *testing.T) {
	if Sign(5) != 1 || Sign(0) != 0 {
		t.Error("wrong sign")
	}
}
