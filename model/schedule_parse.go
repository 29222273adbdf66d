package model

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxSchedule bounds the steps that a schedule string may stand for: following one step takes about
// 2 KB.
const maxSchedule = 1 << 17

// ParseSchedule reads what [Schedule.String] prints. An error names the element that is wrong, and
// where it stands.
func ParseSchedule(text string) (Schedule, error) {
	var s Schedule
	for e := range elements(text) {
		if len(s)+e.times > maxSchedule && e.err == nil {
			e.err = fmt.Errorf("more than %d steps", maxSchedule)
		}
		if e.pick.Thread < 0 && (e.number > 1 || e.times > 1) && e.err == nil {
			e.err = errors.New("thread 0 picks the initial state, so it comes first and once")
		}
		if e.err != nil {
			return nil, fmt.Errorf("schedule, column %d: element %d, %s: %w", e.column, e.number, quote(e.text), e.err)
		}
		for range e.times {
			s = append(s, e.pick)
		}
	}
	return s, nil
}

// element is a part of a schedule string between commas.
type element struct {
	text           string
	number, column int // from 1
	pick           Pick
	times          int
	err            error
}

// elements yields the elements of a string in their order; of an empty one, none.
func elements(text string) func(yield func(element) bool) {
	return func(yield func(element) bool) {
		if text == "" {
			return
		}
		number, column := 1, 1
		for part := range strings.SplitSeq(text, ",") {
			e := element{text: part, number: number, column: column}
			e.pick, e.times, e.err = parsePick(part)
			if !yield(e) {
				return
			}
			number, column = number+1, column+len(part)+1
		}
	}
}

func parsePick(part string) (p Pick, n int, err error) {
	rest, times, repeated := strings.Cut(part, "*")
	thread, choice, chosen := strings.Cut(rest, ".")
	n = 1
	if p.Thread, err = number(thread, 0, MaxThreads); err != nil {
		return p, 0, err
	}
	p.Thread--
	if chosen {
		if p.Choice, err = number(choice, 0, 1<<20); err != nil {
			return p, 0, err
		}
	}
	if repeated {
		n, err = number(times, 1, maxSchedule)
	}
	return p, n, err
}

// number reads digits, and nothing else that Go takes for a number.
func number(text string, lo, hi int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < lo || n > hi || strings.Trim(text, "0123456789") != "" {
		return 0, fmt.Errorf("%s is not a number from %d to %d", quote(text), lo, hi)
	}
	return n, nil
}

// quote quotes a text from outside, which may be long.
func quote(text string) string {
	const most = 40
	if len(text) > most {
		return strconv.Quote(text[:most]) + "..."
	}
	return strconv.Quote(text)
}

// A PickError is a pick of a schedule that cannot be taken.
type PickError struct {
	At   int // the index of the pick
	Step int // the number of the step, from 1; 0 for the pick of the initial state
	Err  error
}

func (e *PickError) Error() string {
	if e.Step == 0 {
		return e.Err.Error()
	}
	return fmt.Sprintf("step %d of the schedule: %v", e.Step, e.Err)
}

func (e *PickError) Unwrap() error { return e.Err }

// In says also which element of a schedule string it is.
func (e *PickError) In(text string) error {
	at := e.At
	for x := range elements(text) {
		if at < x.times {
			where := fmt.Sprintf("element %d, %s, column %d", x.number, quote(x.text), x.column)
			if e.Step == 0 {
				return fmt.Errorf("%s: %w", where, e.Err)
			}
			return fmt.Errorf("step %d of the schedule (%s): %w", e.Step, where, e.Err)
		}
		at -= x.times
	}
	return e
}

// Check finds what no run can take: a pick of a thread that is not there, or of an initial state
// that is not. Whoever follows a schedule calls it first; threads are those that may be there, and
// initial is the number of states that a run may begin in, 0 where thread 0 means nothing.
func (s Schedule) Check(threads, initial int) error {
	step := 0
	for i, p := range s {
		if p.Thread < 0 && i == 0 && initial > 0 {
			if p.Choice >= initial {
				return &PickError{Err: fmt.Errorf("the schedule begins in initial state %d, and there are %d, from 0",
					p.Choice, initial)}
			}
			continue
		}
		step++
		switch {
		case p.Thread < 0:
			return &PickError{i, step, errors.New("threads are counted from 1")}
		case p.Thread >= threads:
			return &PickError{i, step, fmt.Errorf("there is no thread %d: the scenario has %d", p.Thread+1, threads)}
		case p.Choice < 0:
			return &PickError{i, step, errors.New("ways to go are counted from 0")}
		}
	}
	return nil
}
