package terminal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// listing is an interleaving of more threads than there is room for columns: one event a line, with
// its thread, the letters of what that thread holds from then on, and where in the C it is. The
// threads are named first, and what has become of each stands at the end.
//
//	T1 docexit(vm1)
//	T2 rogue(vm1)
//
//	  1 T1 D | lock driver      mail.c:12
//	  2 T2 VM| lock vm1.mon     mail.c:40
//	end T1 D | waits for vm1
//	    T2 VM| waits for driver
type listing struct {
	*lanes
	thread, room int  // widths: of T1, and of what stands right of the bar
	below        bool // the places stand below the events: there is no room beside them
}

func (l *listing) draw(width int) {
	l.fit(width)
	for _, t := range l.threads {
		head := fmt.Sprintf("T%-*d ", l.thread-1, t)
		for _, part := range wrap(reports.Flat(l.result.Threads[t-1]), width-len(head)) {
			l.out.Paint(printable.Strong, head+part)
			l.out.WriteString("\n")
			head = strings.Repeat(" ", len(head))
		}
	}
	l.out.WriteString("\n")
	failed := 0
	for i := range l.result.Counterexample.Steps {
		l.loops(i)
		s := &l.result.Counterexample.Steps[i]
		if reports.EndsOthers(s) {
			clear(l.held)
		}
		l.held[s.Thread] = s.Held
		colour := printable.Plain
		if s.Failed != "" {
			colour, failed = printable.Bad, s.Thread
		}
		l.line(strconv.Itoa(i+1), s.Thread, reports.Event(s, l.only), reports.StepPlace(s, l.detail), colour)
	}
	ends := l.ends()
	for i, t := range l.threads {
		text := ends[t]
		if text == "" {
			text = reports.Choose(t == failed, "(failed)", "can go on")
		}
		l.line(reports.Choose(i == 0, "end", ""), t, text, "", printable.Strong)
	}
}

// fit divides the width between events and places, as much about the places as there is room for.
func (l *listing) fit(width int) {
	l.thread = len("T") + len(strconv.Itoa(slices.Max(append(l.threads, 1))))
	l.room = max(minLane, width-l.number-1-l.thread-1-l.gutter-len("| "))
	beside := func(detail int) int { return l.room - 2 - l.where[detail] }
	for l.detail = len(l.where) - 1; l.detail > 0 && beside(l.detail) < l.widest; l.detail-- {
	}
	l.text = min(l.widest, beside(l.detail))
	l.below = l.text < min(l.widest, minLane)
}

// line writes one event, on as many lines as its text needs.
func (l *listing) line(number string, t int, text, where string, colour printable.Colour) {
	head := fmt.Sprintf("%*s T%-*d %-*s", l.number, number, l.thread-1, t, l.gutter, l.letters.Of(l.held[t]))
	beside := where != "" && !l.below
	for i, part := range wrap(text, reports.Choose(beside, l.text, l.room)) {
		l.out.WriteString(head + "| ")
		l.out.Paint(colour, part)
		if i == 0 && beside {
			l.out.WriteString(strings.Repeat(" ", l.text-len(part)+2))
			l.out.Paint(printable.Faint, where)
		}
		l.out.WriteString("\n")
		head = strings.Repeat(" ", len(head))
	}
	if l.below && where != "" {
		for _, part := range wrap(where, l.room) {
			l.out.WriteString(head + "| ")
			l.out.Paint(printable.Faint, part)
			l.out.WriteString("\n")
		}
	}
}
