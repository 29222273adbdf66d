package linear

import (
	"io"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

// A move is a step as porcupine sees it; the step of the closing move is nil.
type move[O any] struct {
	step *O
	bit  uint64
}

// operations gives porcupine what is left to do from a situation: the steps that have not taken effect. A step that crosses the
// end may take effect before or after the closing move, all others must before.
func (w *window[S, O]) operations(b situation[S], bits []uint64) (ops []porcupine.Operation, done uint64) {
	for i := range bits {
		if i < len(w.crossing) && b.done&(1<<i) != 0 {
			done |= bits[i]
			continue
		}
		it := w.at(i)
		to := it.to
		if bits[i] != 0 {
			to = w.end + 1
		}
		ops = append(ops, porcupine.Operation{ClientId: it.client, Input: &move[O]{it.step, bits[i]}, Call: it.from, Return: to})
	}
	return ops, done
}

// from is every situation at the end of the window that can be reached from one before it.
//
// Porcupine stops at the first explanation, but a later window may need another. So there is a closing move after all others,
// which notes the situation that has been reached and then refuses: porcupine goes on to the next one, each once, since it
// remembers where it has been.
func (w *window[S, O]) from(s *spec[S, O], b situation[S], bits []uint64, patience time.Duration) ([]situation[S], Verdict) {
	ops, done := w.operations(b, bits)
	ops = append(ops, porcupine.Operation{Input: &move[O]{}, Call: w.end, Return: w.end})
	var ends []situation[S]
	m := porcupine.Model{
		Init: func() any { return situation[S]{b.state, done} },
		Step: func(state, input, _ any) (bool, any) {
			at, mv := state.(situation[S]), input.(*move[O])
			if mv.step == nil {
				ends = append(ends, at)
				return false, nil
			}
			next, ok := s.step(at.state, mv.step)
			if !ok {
				return false, nil
			}
			return true, situation[S]{next, at.done | mv.bit}
		},
	}
	if porcupine.CheckOperationsTimeout(m, ops, patience) == porcupine.Unknown {
		return nil, Unknown
	}
	return ends, OK
}

// judge is porcupine's own answer for a window, from each situation before it. The window is Ok if it is from one of them.
func (w *window[S, O]) judge(s *spec[S, O], patience time.Duration) Verdict {
	_, bits := w.across()
	for _, b := range w.before {
		ops, _ := w.operations(b, bits)
		switch porcupine.CheckOperationsTimeout(w.model(s, b.state), ops, patience) {
		case porcupine.Ok:
			return OK
		case porcupine.Unknown:
			return Unknown
		}
	}
	return Illegal
}

// model is the object alone, for judging and drawing one window.
func (w *window[S, O]) model(s *spec[S, O], initial S) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return initial },
		Step: func(state, input, _ any) (bool, any) {
			step := input.(*move[O]).step
			next, ok := s.step(state.(S), step)
			return ok, next
		},
		DescribeOperation: func(input, _ any) string { return s.describe(input.(*move[O]).step) },
		DescribeState:     func(state any) string { return s.describeState(state.(S)) },
	}
}

// draw writes porcupine's visualisation of a window, from the first situation before it.
func (w *window[S, O]) draw(s *spec[S, O], out io.Writer) error {
	_, bits := w.across()
	ops, _ := w.operations(w.before[0], bits)
	clients := map[int]int{}
	for i := range ops { // numbered without gaps, or the drawing has empty rows
		n, ok := clients[ops[i].ClientId]
		if !ok {
			n = len(clients)
			clients[ops[i].ClientId] = n
		}
		ops[i].ClientId = n
	}
	m := w.model(s, w.before[0].state)
	_, info := porcupine.CheckOperationsVerbose(m, ops, time.Minute)
	var page strings.Builder
	if err := porcupine.Visualize(m, info, &page); err != nil {
		return err
	}
	_, err := io.WriteString(out, page.String())
	return err
}
