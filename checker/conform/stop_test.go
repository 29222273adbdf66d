package conform_test

import (
	"context"
	"testing"

	"github.com/lockproof/lockproof/model"

	"github.com/lockproof/lockproof/checker/conform"
)

// A countdown is a context that ends after so many looks.
type countdown struct {
	context.Context
	looks int
}

func (c *countdown) Err() error {
	if c.looks--; c.looks < 0 {
		return context.Canceled
	}
	return nil
}

// Wherever a comparison is stopped it says that it was, and finds no difference where there is
// none. Between two looks there is one step.
func TestStoppedAnywhere(t *testing.T) {
	c := caseOf(t, find(t, "call-patterns:one-query"))
	for _, o := range []conform.Options{{}, {Walks: 3}} {
		whole, err := conform.Compare(t.Context(), c, o)
		if err != nil {
			t.Fatal(err)
		}
		for looks := 0; ; looks++ {
			r, err := conform.Compare(&countdown{t.Context(), looks}, c, o)
			if err != nil || r.Mismatch != nil {
				t.Fatalf("stopped after %d looks: %v %+v", looks, err, r)
			}
			if r.Limit == whole.Limit && r.Complete == whole.Complete {
				break
			}
			if r.Limit != model.InterruptLimit || r.Complete || r.Steps > int64(looks) {
				t.Fatalf("stopped after %d looks: %+v", looks, r)
			}
		}
	}
}

// One schedule on both sides can be stopped as well.
func TestFollowStops(t *testing.T) {
	c := caseOf(t, find(t, "call-patterns:two-queries"))
	s, err := model.ParseSchedule("1*5")
	if err != nil {
		t.Fatal(err)
	}
	for looks := range 12 {
		f, err := conform.Follow(&countdown{t.Context(), looks}, c, s)
		if err != nil || f.Mismatch != nil || f.Limit != model.InterruptLimit && f.Limit != model.NoLimit {
			t.Fatalf("%d: %v %+v", looks, err, f)
		}
		if stopped := f.Limit != model.NoLimit; stopped != (looks < 11) {
			t.Errorf("after %d looks: %q", looks, f.Limit)
		}
	}
}

// What the states of a walk take is bounded.
func TestMemoryLimit(t *testing.T) {
	c := caseOf(t, find(t, "call-patterns:three-queries"))
	r, err := conform.Compare(t.Context(), c, conform.Options{MaxMemory: 20_000})
	if err != nil || r.Limit != model.MemoryLimit || r.Complete || r.States < 20 || r.States > 300 {
		t.Errorf("%+v, %v", r, err)
	}
}
