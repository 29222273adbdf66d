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
	done bool // before the window, and only drawn
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
		ops = append(ops, porcupine.Operation{ClientId: it.client, Input: &move[O]{step: it.step, bit: bits[i]}, Call: it.from, Return: to})
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
	stopped, steps := patience <= 0, 0
	m := porcupine.Model{
		Init: func() any { return situation[S]{b.state, done} },
		Step: func(state, input, _ any) (bool, any) {
			if steps++; steps%1024 == 0 && s.stop.Err() != nil {
				stopped = true
			}
			if stopped {
				return false, nil // porcupine gives up soon when nothing is possible
			}
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
	if verdict := porcupine.CheckOperationsTimeout(m, ops, max(patience, 1)); stopped || verdict == porcupine.Unknown {
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
			mv := input.(*move[O])
			if mv.done {
				return true, state
			}
			next, ok := s.step(state.(S), mv.step)
			return ok, next
		},
		DescribeState: func(state any) string { return s.describeState(state.(S)) },
	}
}

// draw writes porcupine's visualisation of a window, from the first situation before it. Steps that have taken effect there are drawn as well.
// Porcupine has numbers for clients, so their names stand with what they do.
func (w *window[S, O]) draw(s *spec[S, O], clients []string, out io.Writer) error {
	_, bits := w.across()
	b := w.before[0]
	ops, _ := w.operations(b, bits)
	for i := range w.crossing {
		if it := &w.crossing[i]; b.done&(1<<i) != 0 {
			ops = append(ops, porcupine.Operation{ClientId: it.client, Input: &move[O]{step: it.step, done: true}, Call: it.from, Return: it.to})
		}
	}
	m := w.model(s, b.state)
	names := map[*move[O]]string{}
	rows := map[int]int{}
	for i := range ops { // numbered without gaps, or the drawing has empty rows
		client := ops[i].ClientId
		if client < len(clients) {
			names[ops[i].Input.(*move[O])] = clients[client] + ": "
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
	_, info := porcupine.CheckOperationsVerbose(m, ops, time.Minute)
	var page strings.Builder
	if err := porcupine.Visualize(m, info, &page); err != nil {
		return err
	}
	_, err := io.WriteString(out, page.String())
	return err
}
