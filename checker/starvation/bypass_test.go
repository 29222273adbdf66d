package starvation

import (
	"testing"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
	"pgregory.net/rapid"
)

// The bound is the one to which values grow that are passed back along steps, if they come to rest.
func TestBypassAgreesWithIteration(t *testing.T) {
	bounded, unbounded := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := modeltest.Programs().Draw(t, "program")
		if _, small := modeltest.NewReference(p).Judge(2000); !small {
			t.Skip("large")
		}
		iterate, err := model.ByWidth[func(*rapid.T, *model.Program) (int, int)]{
			One: iterateWidth[[1]uint64], Two: iterateWidth[[2]uint64], Three: iterateWidth[[3]uint64], Four: iterateWidth[[4]uint64],
			Six: iterateWidth[[6]uint64], Eight: iterateWidth[[8]uint64], Sixteen: iterateWidth[[16]uint64],
		}.Of(p)
		if err != nil {
			t.Fatal(err)
		}
		b, u := iterate(t, p)
		bounded, unbounded = bounded+b, unbounded+u
	})
	t.Logf("%d bounds, %d waits without one", bounded, unbounded)
	if bounded == 0 {
		t.Error("no program has a bound")
	}
}

func iterateWidth[S model.Words](t *rapid.T, p *model.Program) (bounded, unbounded int) {
	m, err := model.NewMachine[S](p)
	if err != nil {
		t.Fatal(err)
	}
	g, limit := explore(t.Context(), m, &Options{})
	if limit != model.NoLimit {
		t.Fatal(limit)
	}
	for thread := range p.Threads {
		for id, r := range p.Resources() {
			if !r.Job {
				continue
			}
			w := waiting[S]{graph: g, thread: thread, resource: model.ResourceID(id), job: jobOf(p, r)}
			got, ever := w.bound()
			if !ever {
				continue
			}
			want := w.iterate()
			if got != want {
				t.Errorf("T%d is overtaken %d times, want %d", thread+1, got, want)
			}
			if got == Unbounded {
				unbounded++
			} else {
				bounded++
			}
		}
	}
	return bounded, unbounded
}

func (w *waiting[S]) iterate() int {
	best := make([]int, len(w.moments))
	for {
		changed, most := false, 0
		for i, here := range w.moments {
			for _, e := range w.out(here.state) {
				if !w.goesOn(here, e) {
					continue
				}
				if v := best[w.number[moment{e.to, here.depth}]] + w.overtakes(here, e); v > best[i] {
					best[i], changed = v, true
				}
			}
			most = max(most, best[i])
		}
		if most > len(w.moments) {
			return Unbounded
		}
		if !changed {
			return most
		}
	}
}
