package starvation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// tell writes the sentences of a lasso.
func (g *graph[S]) tell(l *Lasso, at int32, loop []edge, f model.Fairness) {
	deeds := make([]deed, len(g.m.Program.Threads))
	for _, e := range loop {
		d := &deeds[g.thread(e)]
		d.steps++
		if g.m.Completes(e.rule) {
			d.rounds++
		}
	}
	under := fmt.Sprintf("under %s fairness", f)
	if l.Victim == model.None {
		l.Message = fmt.Sprintf("%s can go round for ever %s, and nobody completes anything", g.names(movers(deeds)), under)
	} else {
		l.Message = fmt.Sprintf("%s can be kept from completing for ever %s", g.name(l.Victim), under)
		if waits := g.waitsFor(l.Victim, at, loop); waits != "" {
			l.Message = fmt.Sprintf("%s can wait for %s for ever %s", g.name(l.Victim), waits, under)
		}
	}
	for t := range deeds {
		switch d := deeds[t]; {
		case d.steps == 0 && !g.m.Finished(&g.states[at], t):
			l.Details = append(l.Details, fmt.Sprintf("in the loop %s takes no step", g.name(t)))
		case d.rounds > 0:
			l.Details = append(l.Details, fmt.Sprintf("in the loop %s completes %s", g.name(t), count(d.rounds, "round")))
		case d.steps > 0:
			l.Details = append(l.Details, fmt.Sprintf("in the loop %s takes %s and completes nothing", g.name(t),
				count(d.steps, "step")))
		}
	}
}

// A deed is what a thread does in a loop.
type deed struct{ steps, rounds int }

func movers(deeds []deed) []int {
	var out []int
	for t, d := range deeds {
		if d.steps > 0 {
			out = append(out, t)
		}
	}
	return out
}

// waitsFor names what a thread asks for in a loop and does not get: a job for which it sleeps
// before a lock that it stands at; "" when it is neither.
func (g *graph[S]) waitsFor(t int, at int32, loop []edge) string {
	p := g.m.Program
	resources := p.Resources()
	var found []model.ResourceID
	states := []int32{at}
	for _, e := range loop {
		states = append(states, e.to)
	}
	for _, s := range states {
		if g.due[s]>>t&1 != 0 && g.m.At(&g.states[s], t).Op != model.OpSleep {
			continue
		}
		if id := p.AsksFor(g.m.At(&g.states[s], t)); id != model.None && !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	for _, id := range found {
		if resources[id].Job {
			return resources[id].Name
		}
	}
	if len(found) > 0 {
		return resources[found[0]].Name
	}
	return ""
}

func (g *graph[S]) name(t int) string {
	return fmt.Sprintf("T%d %s", t+1, g.m.Program.Threads[t].Name)
}

func (g *graph[S]) names(ts []int) string {
	var out []string
	for _, t := range ts {
		out = append(out, g.name(t))
	}
	if k := len(out) - 1; k > 0 {
		return strings.Join(out[:k], ", ") + " and " + out[k]
	}
	return strings.Join(out, "")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
