package crosscheck

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A graph is the state graph that TLC leaves behind. States are numbered as they come.
type graph struct {
	states []graphState
	from   [][]int32 // by state: its predecessors
	id     map[string]int32
}

// A graphState is a state as TLC prints it.
type graphState struct {
	pc   []int
	lock map[string]bool
	vars map[string]int64
}

var (
	dotState = regexp.MustCompile(`^(-?\d+) \[label="(.*?)"(,|\])`)
	dotEdge  = regexp.MustCompile(`^(-?\d+) -> (-?\d+) `)
	dotPC    = regexp.MustCompile(`pc = <<([-\d, ]*)>>`)
	dotField = regexp.MustCompile(`(\w+) \|-> (-?\d+|TRUE|FALSE)`)
)

// stuck reports whether from some state some thread can never finish, or never complete another
// round: whether AG EF "it completes" is false for some thread.
func (p *plan) stuck(ctx context.Context, file string) (bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	g := &graph{id: map[string]int32{}}
	var edges [][2]int32
	in := bufio.NewReader(f)
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return false, ctx.Err()
		}
		line, err := in.ReadString('\n')
		if err != nil {
			break
		}
		if m := dotEdge.FindStringSubmatch(line); m != nil {
			edges = append(edges, [2]int32{g.number(m[1]), g.number(m[2])})
		} else if m := dotState.FindStringSubmatch(line); m != nil {
			s, err := p.readState(strings.ReplaceAll(m[2], `\n`, " "))
			if err != nil {
				return false, err
			}
			g.states[g.number(m[1])] = s
		}
	}
	for i := range g.states {
		if g.states[i].pc == nil {
			return false, fmt.Errorf("crosscheck: TLC's graph does not describe all of its states")
		}
	}
	g.from = make([][]int32, len(g.states))
	for _, e := range edges {
		g.from[e[1]] = append(g.from[e[1]], e[0])
	}
	for _, c := range p.classes {
		for _, t := range c.threads {
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			if g.reaching(p.completions(g, c, t, edges)) < len(g.states) {
				return true, nil
			}
		}
	}
	return false, nil
}

func (g *graph) number(name string) int32 {
	id, ok := g.id[name]
	if !ok {
		id = int32(len(g.states))
		g.id[name] = id
		g.states = append(g.states, graphState{})
	}
	return id
}

func (p *plan) readState(label string) (graphState, error) {
	s := graphState{lock: map[string]bool{}, vars: map[string]int64{}}
	m := dotPC.FindStringSubmatch(label)
	if m == nil {
		return s, fmt.Errorf("crosscheck: no pc in a state of TLC's graph: %s", label)
	}
	for _, word := range strings.Split(m[1], ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil {
			return s, fmt.Errorf("crosscheck: bad pc in a state of TLC's graph: %s", label)
		}
		s.pc = append(s.pc, n)
	}
	if len(s.pc) != len(p.program.Threads) {
		return s, fmt.Errorf("crosscheck: %d threads in a state of TLC's graph, want %d", len(s.pc), len(p.program.Threads))
	}
	for _, c := range p.classes {
		for _, t := range c.threads {
			if n := s.pc[t] - c.base; n < 0 || n >= len(c.places) {
				return s, fmt.Errorf("crosscheck: thread %d has no location %d, but stands there in TLC's graph", t+1, s.pc[t])
			}
		}
	}
	for _, m := range dotField.FindAllStringSubmatch(label, -1) {
		if n, err := strconv.ParseInt(m[2], 10, 64); err == nil {
			s.vars[m[1]] = n
		} else {
			s.lock[m[1]] = m[2] == "TRUE"
		}
	}
	return s, nil
}

// completions lists the states in which a thread is finished or out of which it completes a round.
func (p *plan) completions(g *graph, c *class, t int, edges [][2]int32) []int32 {
	var done []int32
	for i := range g.states {
		s := &g.states[i]
		value := func(v model.VarID) int64 { return s.vars[string(p.names.vars[v])] }
		if c.at(s.pc[t]).node.Op == model.OpFinish || p.exit != model.None && value(p.exit) != 0 ||
			c.gate != model.None && value(c.gate) == 0 {
			done = append(done, int32(i))
		}
	}
	if c.thread.Loop {
		for _, e := range edges {
			if p.completes(&g.states[e[0]], &g.states[e[1]], c, t) {
				done = append(done, e[0])
			}
		}
	}
	return done
}

func (c *class) at(location int) *place { return &c.places[location-c.base] }

// completes reports whether the step between two states can be one with which a looping thread
// completes a round: where it goes, under which condition, and who else may move with it all fit.
func (p *plan) completes(from, to *graphState, c *class, t int) bool {
	for _, s := range c.at(from.pc[t]).steps {
		for i := range s.next {
			e := &s.next[i]
			if e.Round && c.location(e.To) == to.pc[t] && p.enabled(from, s.when) && p.alone(from, to, t, s.wakes) {
				return true
			}
		}
	}
	return false
}

func (p *plan) enabled(s *graphState, gs []guard) bool {
	read := func(v model.VarID) int64 { return s.vars[string(p.names.vars[v])] }
	return !slices.ContainsFunc(gs, func(g guard) bool {
		if g.lock != model.None {
			return s.lock[string(p.names.locks[g.lock])] != g.held
		}
		return g.cond.Eval(read) == 0
	})
}

// alone reports whether no thread but t, and those that it may have woken, has moved.
func (p *plan) alone(from, to *graphState, t int, w wakes) bool {
	for _, c := range p.classes {
		for _, u := range c.threads {
			if u == t || from.pc[u] == to.pc[u] {
				continue
			}
			n := c.at(from.pc[u]).node
			if w == nobody || n.Op != model.OpSleep || c.location(n.Wake) != to.pc[u] {
				return false
			}
		}
	}
	return true
}

// reaching counts the states from which one of some states can be reached.
func (g *graph) reaching(goal []int32) int {
	seen := make([]bool, len(g.states))
	n := 0
	for todo := goal; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[s] {
			continue
		}
		seen[s] = true
		n++
		todo = append(todo, g.from[s]...)
	}
	return n
}
