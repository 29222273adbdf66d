package terminal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// lanes draws an interleaving: time downward, one event a row, one column a thread. Left of each
// column's bar stand the letters of what the thread holds from this row on; at the right edge,
// where in the C the event is.
//
//	        T1 docexit(vm1)        T2 rogue(vm1)
//	  1 D  | lock driver              |                       mail.c:12
//	  2 D  |                       VM | lock vm1.mon          mail.c:40
//	end D  | waits for vm1         VM | waits for driver
type lanes struct {
	result  *reports.Result
	threads []int // those that are shown, from 1
	letters *reports.Letters

	number, gutter, text int    // widths
	widest               int    // of the events
	where                [3]int // widths of the places, by detail
	detail               int    // of the places, see place
	only                 string // "vm1." when no other domain occurs: then the columns leave it out
	held                 map[int][]string
	out                  *printable.Page
}

const (
	minLane  = 13 // narrower than this, the steps are listed instead
	maxLane  = 40
	maxLanes = 3 // more than these are listed, too
	maxCell  = 4 // lines of one event
)

// drawLanes writes the table, or the listing where it has no room, lines included that say what was
// left out.
func drawLanes(b *printable.Page, r *reports.Result, style Style) {
	l := &lanes{result: r, letters: reports.LettersOf(r.Counterexample), held: map[int][]string{}, out: b}
	l.only = reports.OnlyDomain(r.Counterexample)
	l.threads = reports.Movers(len(r.Threads), r.Counterexample)
	l.measure()
	if legend := l.letters.Legend(); legend != "" {
		for _, line := range wrap(reports.Flat("held: "+legend), style.width()) {
			l.out.Paint(printable.Faint, line)
			l.out.WriteString("\n")
		}
		l.out.WriteString("\n")
	}
	if l.divide(style.width()) {
		l.heading()
		for i := range r.Counterexample.Steps {
			l.loops(i)
			l.step(i)
		}
		l.end()
	} else {
		(&listing{lanes: l}).draw(style.width())
	}
	l.stacks(style.width())
	l.absent(style.width())
}

// stacks names the calls that lead to what is wrong, where there is more than the line itself.
func (l *lanes) stacks(width int) {
	c := l.result.Counterexample
	begun := false
	write := func(who string, calls []reports.Place) {
		if !begun {
			l.out.WriteString("\n")
			begun = true
		}
		for i, line := range wrap(reports.Flat(who+" in "+reports.StackText(calls)), width-2) {
			l.out.WriteString(reports.Choose(i > 0, "  ", "") + line + "\n")
		}
	}
	if n := len(c.Steps); n > 0 && c.Steps[n-1].Failed != "" && len(c.Steps[n-1].Calls) > 0 {
		if s := &c.Steps[n-1]; s.Place() != s.Calls[0] {
			write(fmt.Sprintf("T%d fails", s.Thread), s.Calls)
		}
	} else {
		for i := range c.End {
			if e := &c.End[i]; e.Involved && e.WaitsFor != "" && len(e.Calls) > 0 {
				write(fmt.Sprintf("T%d %s", e.Thread, reports.Choose(e.Asleep, "sleeps", "waits")), e.Calls)
			}
		}
	}
}

// absent names the threads without a column.
func (l *lanes) absent(width int) {
	var names []string
	for i, name := range l.result.Threads {
		if !slices.Contains(l.threads, i+1) {
			names = append(names, fmt.Sprintf("T%d %s", i+1, name))
		}
	}
	if len(names) > 0 {
		for _, line := range wrap(reports.Flat("no step of "+strings.Join(names, ", ")+" is needed"), width) {
			l.out.WriteString("\n" + line)
		}
		l.out.WriteString("\n")
	}
}

// measure finds out how wide everything is.
func (l *lanes) measure() {
	c := l.result.Counterexample
	l.number = max(3, len(strconv.Itoa(len(c.Steps))))
	l.gutter = 1
	for i := range c.Steps {
		s := &c.Steps[i]
		l.gutter = max(l.gutter, len(l.letters.Of(s.Held)))
		l.widest = max(l.widest, len(reports.Event(s, l.only)))
		for detail := range l.where {
			l.where[detail] = max(l.where[detail], len(reports.StepPlace(s, detail)))
		}
	}
}

// divide divides the width among the columns: first what the events need, then more about the
// places, then the rest. It reports whether lanes are easy to read: at most three, of which two
// rows in three take one line.
func (l *lanes) divide(width int) bool {
	need := min(max(minLane, l.widest), maxLane)
	n := max(1, len(l.threads))
	room := func(detail int) int { return (width-l.number-l.where[detail]-2)/n - l.gutter - 3 }
	for l.detail = len(l.where) - 1; l.detail > 0 && room(l.detail) < need; l.detail-- {
	}
	l.text = min(room(l.detail), maxLane)
	wrapped := 0
	for i := range l.result.Counterexample.Steps {
		if len(reports.Event(&l.result.Counterexample.Steps[i], l.only)) > l.text {
			wrapped++
		}
	}
	return l.text >= minLane && n <= maxLanes && 3*wrapped <= len(l.result.Counterexample.Steps)
}

func (l *lanes) heading() {
	var cells [][]string
	height := 0
	width := l.gutter + 2 + l.text
	for _, t := range l.threads {
		cell := clip(wrap(reports.Flat(fmt.Sprintf("T%d %s", t, l.result.Threads[t-1])), width), maxCell, width)
		cells = append(cells, cell)
		height = max(height, len(cell))
	}
	for i := range height {
		line := strings.Repeat(" ", l.number)
		for _, cell := range cells {
			text := ""
			if i < len(cell) {
				text = cell[i]
			}
			line += fmt.Sprintf(" %-*s", width, text)
		}
		l.out.Paint(printable.Strong, strings.TrimRight(line, " "))
		l.out.WriteString("\n")
	}
}

func (l *lanes) step(i int) {
	s := &l.result.Counterexample.Steps[i]
	if reports.EndsOthers(s) {
		clear(l.held)
	}
	l.held[s.Thread] = s.Held
	l.row(strconv.Itoa(i+1), map[int]string{s.Thread: reports.Event(s, l.only)}, reports.StepPlace(s, l.detail),
		reports.Choose(s.Failed != "", printable.Bad, printable.Plain))
}

// loops marks the step with which the loop of a starvation begins.
func (l *lanes) loops(i int) {
	if loop := l.result.Loop; loop != nil && loop.First == i+1 {
		l.out.Paint(printable.Strong, fmt.Sprintf("%*s from here again and again", l.number, "~"))
		l.out.WriteString("\n")
	}
}

// end is the row that says what has become of the threads.
func (l *lanes) end() {
	l.row("end", l.ends(), "", printable.Strong)
}

// ends says who cannot go on, who is finished, and what the others would do next if they are to
// blame.
func (l *lanes) ends() map[int]string {
	cells := map[int]string{}
	failed := slices.ContainsFunc(l.result.Counterexample.Steps, func(s reports.Step) bool { return s.Failed != "" })
	for _, e := range l.result.Counterexample.End {
		l.held[e.Thread] = e.Held
		switch {
		case e.Next == "":
			cells[e.Thread] = "(finished)"
		case e.Next == reports.NotInChild:
			cells[e.Thread] = "(" + e.Next + ")"
		case e.Asleep:
			cells[e.Thread] = "sleeps on " + reports.Brief(e.WaitsFor, l.only)
		case e.WaitsFor != "":
			cells[e.Thread] = "waits for " + reports.Brief(e.WaitsFor, l.only)
		case e.Involved && !failed:
			cells[e.Thread] = "next: " + reports.Brief(e.Next, l.only)
		}
	}
	return cells
}

// row writes one event, on as many lines as its text needs.
func (l *lanes) row(number string, texts map[int]string, where string, colour printable.Colour) {
	cells := map[int][]string{}
	height := 1
	for t, text := range texts {
		cells[t] = clip(wrap(text, l.text), maxCell, l.text)
		height = max(height, len(cells[t]))
	}
	for i := range height {
		if i > 0 {
			number, where = "", ""
		}
		fmt.Fprintf(l.out, "%*s", l.number, number)
		for _, t := range l.threads {
			held, text := "", ""
			if i == 0 {
				held = l.letters.Of(l.held[t])
			}
			if i < len(cells[t]) {
				text = cells[t][i]
			}
			fmt.Fprintf(l.out, " %-*s| ", l.gutter, held)
			l.out.Paint(reports.Choose(text == "", printable.Plain, colour), fmt.Sprintf("%-*s", l.text, text))
		}
		if where != "" {
			l.out.WriteString("  ")
			l.out.Paint(printable.Faint, where)
		}
		l.out.TrimBlanks()
		l.out.WriteString("\n")
	}
}
