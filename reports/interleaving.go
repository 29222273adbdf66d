package reports

import (
	"regexp"
	"slices"
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
		text := "FAILS: " + Brief(s.Action, only)
		if values := readText(s); values != "" {
			text += ", " + Brief(values, only)
		}
		return text
	}
	return Brief(s.Action, only)
}

// EndsOthers reports whether a step ends all other threads, with what they hold: a restart of the
// daemon.
func EndsOthers(s *Step) bool { return s.Op == "restart" }

// Failure says what the check asked for that a step breaks, and what it looked at.
func Failure(s *Step) string {
	if values := readText(s); values != "" {
		return s.Failed + ": " + values
	}
	return s.Failed
}

// readText says what the condition looked at that fails in a step: "c is NULL, n is 2".
func readText(s *Step) string {
	var parts []string
	for _, v := range s.Read {
		parts = append(parts, v.Name+" is "+v.Value)
	}
	return strings.Join(parts, ", ")
}

// Choose is a if yes, else b.
func Choose[T any](yes bool, a, b T) T {
	if yes {
		return a
	}
	return b
}
