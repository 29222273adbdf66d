package scenarios

import (
	"context"
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/csource/slice"
	"github.com/lockproof/lockproof/csource/syntax"
)

// Pairs are the functions of a tree that others call through pointers, each alone and each with
// each other, on one domain.
type Pairs struct {
	Alone    []*Scenario // in the order of the source
	Together []*Scenario // each of the above with itself and with those behind it
	Of       [][2]int    // of each of Together: which two
	// Left are the functions that do not run, with the reason.
	Left []Entry
	// Touch is how many entry points the tree has, of which Left and Alone are those that touch the
	// protocol.
	Touch, Entries int
	// Text is all C that runs: what is left of the functions.
	Text string
}

// An Entry is a function that does not run as a thread.
type Entry struct {
	Function string
	Why      string
}

// Pairs makes the scenarios. Functions that touch nothing of the protocol are not among them. The
// threads of the question run beside each.
func (q *Question) Pairs(ctx context.Context) (*Pairs, error) {
	if !q.Tree.Asked() {
		return nil, fmt.Errorf("pairs of which source? --tree PATH")
	}
	h, err := q.realHelpers(ctx)
	if err != nil {
		return nil, err
	}
	s := q.suiteOf(h)
	parser := s.parser(ctx)
	c, err := s.parseWith(ctx, parser)
	if err != nil {
		return nil, err
	}
	t, err := s.real.Load(ctx)
	if err != nil {
		return nil, fmt.Errorf("the tree: %w", err)
	}
	names := slice.Entries(t)
	pairs := &Pairs{Entries: len(names)}
	var calls []string
	for _, name := range names {
		r, err := slice.Of(ctx, slice.Request{
			Protocol: c.files, Expand: parser.Expanded, Tree: t, Roots: []string{name}, Own: q.Tree.Own,
		})
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			pairs.Left = append(pairs.Left, Entry{name, firstLine(err)})
			continue
		}
		f := r.Functions[len(r.Functions)-1]
		if !f.Touches || f.Name != name {
			continue
		}
		call, why := asThread(f)
		if why != "" {
			pairs.Left = append(pairs.Left, Entry{name, why})
			continue
		}
		one, err := q.only(ctx, q.suiteOf(h), name, q.beside(call))
		if err == nil {
			_, err = one.Program(ctx)
		}
		if err != nil {
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			pairs.Left = append(pairs.Left, Entry{name, firstLine(err)})
			continue
		}
		calls = append(calls, call)
		pairs.Text += r.String()
	}
	return pairs, q.together(ctx, s, pairs, calls)
}

// together makes all scenarios of one suite.
func (q *Question) together(ctx context.Context, s *Suite, p *Pairs, calls []string) error {
	var all []*Scenario
	add := func(name, threads string) (*Scenario, error) {
		threads = q.beside(threads)
		ask := *q
		ask.Threads = threads
		sc, err := ask.scenario(ctx, s, name, threads)
		if err != nil {
			return nil, err
		}
		sc.flags = ask.Args()
		all = append(all, sc)
		return sc, nil
	}
	for _, c := range calls {
		sc, err := add(functionOf(c), c)
		if err != nil {
			return err
		}
		p.Alone = append(p.Alone, sc)
	}
	for i := range calls {
		for j := i; j < len(calls); j++ {
			sc, err := add(functionOf(calls[i])+"--"+functionOf(calls[j]), calls[i]+", "+calls[j])
			if err != nil {
				return err
			}
			p.Together, p.Of = append(p.Together, sc), append(p.Of, [2]int{i, j})
		}
	}
	s.Scenarios = all
	p.Touch = len(p.Alone) + len(p.Left)
	return nil
}

// beside are threads with those that run beside all of them.
func (q *Question) beside(threads string) string {
	if q.Threads == "" {
		return threads
	}
	return threads + ", " + q.Threads
}

func functionOf(call string) string {
	name, _, _ := strings.Cut(call, "(")
	return name
}

// asThread is the call of a function on the first domain, or why there is none.
func asThread(f slice.Function) (call, why string) {
	if len(f.Params) == 0 {
		return "", "it is given no domain"
	}
	var args []string
	for i, typ := range f.Params {
		if f.Domain[i] {
			args = append(args, "vm1")
		} else {
			return "", fmt.Sprintf("it is not known what its %s is", syntax.FormatDecl(typ, ""))
		}
	}
	return f.Name + "(" + strings.Join(args, ", ") + ")", ""
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
