package schedule

import (
	"context"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"

	"github.com/lockproof/lockproof/driver"
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

// Wherever a search is stopped, what it says is true: it claims nothing that it has not seen, and
// does not take the stop for a program that does something else the second time.
func TestStoppedAnywhere(t *testing.T) {
	for _, tt := range []struct {
		threads string
		class   Class // that it fails with when nothing stops it
	}{
		{"query(vm1) x2", ""},
		{"query(vm1), wait(vm1)", Deadlock},
	} {
		judged := 0
		p := Driver(DriverConfig{Threads: mustParse(t, tt.threads), History: func() (func(string) driver.Observer, func(context.Context) error) {
			o := &orderOf{}
			return o.observe, func(ctx context.Context) error {
				judged++
				if model.Stopped(ctx) != model.NoLimit {
					return unjudged{model.InterruptLimit}
				}
				return nil
			}
		}})
		stopped, found := 0, 0
		for looks := range 400 {
			r, err := Search(&countdown{t.Context(), looks}, p, Options{})
			switch {
			case err != nil:
				t.Fatal(err)
			case r.Failure != nil && r.Failure.Class != tt.class:
				t.Fatalf("%s, stopped after %d looks: %v", tt.threads, looks, r.Failure)
			case r.Failure != nil:
				found++
			case !r.Complete && r.Limit != model.InterruptLimit:
				t.Fatalf("%s, stopped after %d looks: %+v", tt.threads, looks, r)
			case !r.Complete:
				stopped++
			}
		}
		if tt.class == "" && (stopped == 0 || judged == 0) || tt.class != "" && found == 0 {
			t.Errorf("%s: stopped %d times, found %d times, judged %d times", tt.threads, stopped, found, judged)
		}
	}
}

// An unjudged history is one of which a judge cannot tell.
type unjudged struct{ by model.Limit }

func (e unjudged) Error() string      { return "not judged" }
func (e unjudged) Limit() model.Limit { return e.by }

// A history of which the judge cannot tell is no failure, and no proof either.
func TestUndecidedHistory(t *testing.T) {
	p := Driver(DriverConfig{Threads: mustParse(t, "query(vm1) x2"), History: func() (func(string) driver.Observer, func(context.Context) error) {
		return func(string) driver.Observer { return nil }, func(context.Context) error { return unjudged{model.PatienceLimit} }
	}})
	r, err := Search(t.Context(), p, Options{})
	if err != nil || r.Failure != nil || r.Complete || r.Limit != model.PatienceLimit || r.Cut != r.Runs || r.Runs < 2 {
		t.Fatalf("%v %+v", err, r)
	}
	x, err := Replay(t.Context(), p, Options{}, nil)
	if err != nil || x.Failure != nil || x.Limit != model.NoLimit {
		t.Fatalf("a replay that does not come to the judge: %v %+v", err, x)
	}
}

// A replay that is stopped says so, and calls neither the schedule nor the program wrong.
func TestReplayStops(t *testing.T) {
	p := Driver(DriverConfig{Threads: mustParse(t, "define(vm1)+"+manyInfos+"info(vm1)"), Starts: map[string]Start{"vm1": Down}})
	schedule := make(model.Schedule, 2*lookEvery) // longer than the program, and than the way to the next look
	x, err := Replay(&countdown{t.Context(), 0}, p, Options{}, schedule)
	if err != nil || x.Limit != model.InterruptLimit || x.Failure != nil {
		t.Fatalf("%v %+v", err, x)
	}
}

// manyInfos are calls that take more steps than pass between two looks at the context.
var manyInfos = strings.Repeat("info(vm1)+", lookEvery/2)
