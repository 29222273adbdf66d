package scenarios

import (
	"strings"

	"github.com/lockproof/lockproof/csource/lower"
)

// A Call is a thread of a composed scenario: a function of the suite, its arguments, and how many
// such threads there are.
type Call struct {
	Function string
	Args     []string
	Count    int
	Loop     bool
}

// Compose makes a scenario that is not in the suite's file, out of functions that the suite has. It
// expects ok, and does not enforce preconditions. It is what measurements over a growing number of
// threads and domains are made of.
func (s *Suite) Compose(name string, calls []Call) *Scenario {
	sc := &Scenario{
		Suite: s, Name: name, Why: "composed", IgnoreRequires: true,
		Expect: Expectation{Verdict: "ok"}, Pos: s.Pos,
	}
	for _, c := range calls {
		t := Thread{
			Call: c.Function + "(" + strings.Join(c.Args, ", ") + ")", Count: c.Count, Loop: c.Loop, Pos: s.Pos,
			function: c.Function, functionPos: s.Pos,
		}
		for _, a := range c.Args {
			t.args = append(t.args, lower.Arg{Pos: s.Pos, Text: a})
		}
		sc.Threads = append(sc.Threads, t)
	}
	return sc
}
