package reports

import (
	"regexp"
	"slices"
	"strings"
)

// What the lanes of a terminal and the drawings of a page share stands here: which threads an interleaving shows, and how it words a step.

// movers lists the threads, from 1, that move in an interleaving of n, and those that are part of what is wrong.
func movers(n int, c *Counterexample) []int {
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

// onlyDomain is the prefix that all names of domains share, if they do.
func onlyDomain(c *Counterexample) string {
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

// brief shortens the names in a text as far as no doubt arises; only is what [onlyDomain] says.
func brief(text, only string) string {
	text = lockSuffix.ReplaceAllString(text, "")
	if only != "" {
		text = strings.ReplaceAll(text, only, "")
	}
	return flat(text)
}

var lockSuffix = regexp.MustCompile(`\.lock\b`)

// event is the text of a step.
func event(s *Step, only string) string {
	if s.Failed != "" {
		return "FAILS: " + brief(s.Action, only)
	}
	return brief(s.Action, only)
}

// choose is a if yes, else b.
func choose[T any](yes bool, a, b T) T {
	if yes {
		return a
	}
	return b
}
