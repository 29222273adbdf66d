package reports

import (
	"fmt"
	"strings"
)

// StateCount says how many states were visited, after which reductions, and for how many more they
// stand where that is known.
func StateCount(r *Result) string {
	text := fmt.Sprintf("%d states", r.States)
	var names []string
	for _, name := range r.Reductions {
		if name == "por" {
			name = "merging"
		}
		names = append(names, name)
	}
	if len(names) > 0 {
		text += " after " + strings.Join(names, " and ")
	}
	if r.AtLeast > r.States {
		text += fmt.Sprintf(", which stand for at least %d", r.AtLeast)
	}
	return text
}

// ClosedLines says in words what the evidence of a partial deadlock is; nothing where there is
// none.
func ClosedLines(r *Result) []string {
	c := r.Closed
	if c == nil {
		return nil
	}
	out := Choose(c.Luck, "nothing that must come", "nothing")
	lines := []string{fmt.Sprintf("from there %s can be reached, and %s leads out of them",
		plural(c.States, "state"), out)}
	for _, w := range c.Waits {
		verb := Choose(w.Asleep, "sleeps on", "waits for")
		lines = append(lines, fmt.Sprintf("T%d %s %s in %d of them", w.Thread, verb, w.For, w.States))
	}
	return lines
}

// RaceWarning says in words which data race a result warns of; nothing where there is none.
func RaceWarning(r *Result) string {
	if r.Race == nil {
		return ""
	}
	return "warning: data race: " + r.Race.Message
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
