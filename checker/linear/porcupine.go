package linear

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/lockproof/lockproof/model"

	"github.com/anishathalye/porcupine"
)

// A move is a step as porcupine sees it.
type move[O any] struct {
	step *O
	done bool // before the window, and only drawn
}

// operations gives porcupine what is left to do from a situation: the steps that have not taken
// effect. A step that crosses the end may take effect until then.
func (w *window[S, O]) operations(b situation[S]) []porcupine.Operation {
	var ops []porcupine.Operation
	for i := range len(w.crossing) + len(w.items) {
		if i < len(w.crossing) && b.has(i) {
			continue
		}
		it := w.at(i)
		ops = append(ops, porcupine.Operation{
			ClientId: it.client, Input: &move[O]{step: it.step}, Call: it.from,
			Return: min(it.to, w.end),
		})
	}
	return ops
}

// remembering is how many bytes porcupine takes to remember that it has been somewhere, in a window
// of n steps: a bitset, a state and an entry of a map, and as much again until the garbage is
// collected.
func remembering(n int) int64 { return 256 + int64(n)/4 }

// judge is porcupine's own answer for a window, from each situation before it. The window is Ok if
// it is from one of them.
func (w *window[S, O]) judge(ctx context.Context, s *spec[S, O], b *budget) Verdict {
	for _, x := range w.before {
		ops := w.operations(x)
		ok := porcupine.CheckOperations(w.model(ctx, s, x.state, len(ops), b), ops)
		switch {
		case ok:
			return OK
		case b.over != model.NoLimit:
			return Unknown
		}
	}
	return Illegal
}

// model is the object alone, for judging and drawing one window of n steps. When the budget is
// over, nothing is possible in it.
func (w *window[S, O]) model(ctx context.Context, s *spec[S, O], initial S, n int, b *budget) porcupine.Model {
	used := int64(0)
	return porcupine.Model{
		Init: func() any { return initial },
		Step: func(state, input, _ any) (bool, any) {
			mv := input.(*move[O])
			if mv.done {
				return true, state
			}
			if !b.spend(ctx, 1) {
				return false, nil
			}
			next, ok := s.step(state.(S), mv.step)
			if ok { // some it has been at already
				used += remembering(n)
				b.needs(used)
			}
			return ok, next
		},
		DescribeState: func(state any) string { return s.describeState(state.(S)) },
	}
}

// drawing is what a drawing of n steps may spend on the orders that it shows. Those of a long piece
// nobody can read, and they take room with the square of its length.
func drawing(ctx context.Context, n int) *budget {
	most := int64(1 << 16)
	if n > 512 {
		most = 1
	}
	b := &bounds{left: time.Hour, memory: 1 << 30, most: most}
	return b.budget(ctx)
}

// draw writes porcupine's visualisation of a window, from the first situation before it. Steps that
// have taken effect there are drawn as well. Porcupine has numbers for clients, so their names
// stand with what they do.
func (w *window[S, O]) draw(s *spec[S, O], clients []string, out io.Writer) error {
	b := w.before[0]
	ops := w.operations(b)
	for i := range w.crossing {
		if it := &w.crossing[i]; b.has(i) {
			ops = append(ops, porcupine.Operation{
				ClientId: it.client, Input: &move[O]{step: it.step, done: true},
				Call: it.from, Return: it.to,
			})
		}
	}
	ctx := context.Background() // what a drawing may spend bounds it
	m := w.model(ctx, s, b.state, len(ops), drawing(ctx, len(ops)))
	names := map[*move[O]]string{}
	rows := map[int]int{}
	for i := range ops { // numbered without gaps, or the drawing has empty rows
		client := ops[i].ClientId
		if name := clientName(clients, client); name != "" {
			names[ops[i].Input.(*move[O])] = name + ": "
		}
		n, ok := rows[client]
		if !ok {
			n = len(rows)
			rows[client] = n
		}
		ops[i].ClientId = n
	}
	m.DescribeOperation = func(input, _ any) string {
		mv := input.(*move[O])
		text := names[mv] + s.describe(mv.step)
		if mv.done {
			text += " (before)"
		}
		return text
	}
	_, info := porcupine.CheckOperationsVerbose(m, ops, 0)
	var page strings.Builder
	if err := porcupine.Visualize(m, info, &page); err != nil {
		return err
	}
	_, err := io.WriteString(out, page.String())
	return err
}
