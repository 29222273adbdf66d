package model_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
)

// TestChose gives back the choices that were made, as long as there is room for them.
func TestChose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Bool(), 0, 40).Draw(t, "choices")
		var c model.Chose
		for _, yes := range want {
			c = c.And(yes)
		}
		switch {
		case len(want) > 31:
			if c.Known() || len(c.All()) != 0 {
				t.Errorf("%d choices: known, %v", len(want), c.All())
			}
		case !c.Known() || !slices.Equal(c.All(), want):
			t.Errorf("%v: known %v, %v", want, c.Known(), c.All())
		}
	})
}
