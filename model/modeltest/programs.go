package modeltest

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
)

// Programs draws random programs: up to four threads on up to three domains, some of them equal, some
// with two domains, some of which loop; with all operations, faults of waiting, and states of any width.
func Programs() *rapid.Generator[*model.Program] { return rapid.Custom(drawProgram) }

func drawProgram(t *rapid.T) *model.Program {
	w := drawWorld(t)
	type text struct {
		body []stmt
		two  bool
	}
	var all []text
	for range rapid.IntRange(1, 2).Draw(t, "texts") {
		g := &bodies{t: t, w: w, two: len(w.domains) > 1 && rapid.IntRange(0, 3).Draw(t, "two") == 0}
		all = append(all, text{damaged(t, g.list(3, 2)), g.two})
	}
	n := rapid.SampledFrom([]int{1, 2, 2, 2, 3, 3, 4}).Draw(t, "threads")
	for i := range n {
		x := all[rapid.IntRange(0, len(all)-1).Draw(t, "text")]
		a := &automaton{w: w, code: flatten(x.body), self: i + 1}
		first := rapid.IntRange(0, len(w.domains)-1).Draw(t, "domain")
		a.bind = binding{&w.domains[first]}
		if x.two {
			second := (first + 1 + rapid.IntRange(0, len(w.domains)-2).Draw(t, "second")) % len(w.domains)
			a.bind = append(a.bind, &w.domains[second])
		}
		switch rapid.IntRange(0, 9).Draw(t, "faults") {
		case 0, 1:
			a.faults = faults{timeout: true}
		case 2:
			a.faults = faults{timeout: true, stolen: true}
		case 3:
			a.faults = faults{spurious: true}
		case 4:
			a.faults = faults{true, true, true}
		}
		a.thread = model.Thread{Name: fmt.Sprintf("t%d", i+1), Function: "body", Loop: rapid.IntRange(0, 5).Draw(t, "loops") == 0}
		w.p.Threads = append(w.p.Threads, a.build())
	}
	return w.p
}

// damaged leaves out a statement now and then.
func damaged(t *rapid.T, body []stmt) []stmt {
	if len(body) < 2 || rapid.IntRange(0, 3).Draw(t, "damage") > 0 {
		return body
	}
	i := rapid.IntRange(0, len(body)-1).Draw(t, "where")
	return append(append([]stmt{}, body[:i]...), body[i+1:]...)
}
