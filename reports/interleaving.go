package reports

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What the lanes of a terminal and the drawings of a page share stands here: which threads an
// interleaving shows, and how it words a step.

// Movers lists the threads, from 1, that move in an interleaving of n, and those that are part of
// what is wrong.
func Movers(n int, c *Counterexample) []int {
	var shown []int
	for t := 1; t <= n; t++ {
		moves := slices.ContainsFunc(c.Steps, func(s Step) bool { return s.Thread == t })
		involved := slices.ContainsFunc(c.End, func(e End) bool { return e.Thread == t && e.Involved })
		if moves || involved {
			shown = append(shown, t)
		}
	}
	return shown
}

var domain = regexp.MustCompile(`\bvm[0-9]+\.`)

// OnlyDomain is the prefix that all names of domains share, if they do.
func OnlyDomain(c *Counterexample) string {
	only := ""
	for i := range c.Steps {
		s := &c.Steps[i]
		for _, name := range append([]string{s.Object + "."}, s.Held...) {
			switch d := domain.FindString(name); {
			case d == "":
			case only == "":
				only = d
			case only != d:
				return ""
			}
		}
	}
	return only
}

// Brief shortens the names in a text as far as no doubt arises; only is what [onlyDomain] says.
func Brief(text, only string) string {
	text = lockSuffix.ReplaceAllString(text, "")
	if only != "" {
		text = strings.ReplaceAll(text, only, "")
	}
	return Flat(text)
}

var lockSuffix = regexp.MustCompile(`\.lock\b`)

// Event is the text of a step.
func Event(s *Step, only string) string {
	if s.Failed != "" {
		return "FAILS: " + Brief(s.Action, only)
	}
	return Brief(s.Action, only)
}

// Choose is a if yes, else b.
func Choose[T any](yes bool, a, b T) T {
	if yes {
		return a
	}
	return b
}

// StepPlace names, as a terminal shows it, the line of a step without its directories: the line
// itself; with more detail where the thread's own function is, and the function of the line.
func StepPlace(s *Step, detail int) string {
	if s.Line == 0 {
		return ""
	}
	at := func(file string, line int) string { return path.Base(file) + ":" + strconv.Itoa(line) }
	where := at(s.File, s.Line)
	if detail >= 1 && len(s.Calls) > 1 && s.Calls[0].Line > 0 {
		where = at(s.Calls[0].File, s.Calls[0].Line) + " > " + where
	}
	if detail >= 2 && len(s.Calls) > 1 {
		where += " " + s.Function
	}
	return Flat(where)
}
