package mutant

import (
	"fmt"
	"slices"
	"strings"
)

// Equivalents are mutants of which it is known that no test can notice them. They are told by what
// is changed in which function and not by the line, so that they survive edits elsewhere.
type Equivalents struct {
	name    string
	entries []*equivalent
}

type equivalent struct {
	line               int
	file, fn, operator string
	change, reason     string
	used               bool
}

// ParseEquivalents reads a list of entries with empty lines between them. Lines that begin with #
// are comments. An entry is three lines or more:
//
//	FILE FUNCTION OPERATOR
//	the change, as it is listed; * for every change of the operator in that function
//	why nothing can notice it, in one or more lines
func ParseEquivalents(name, text string) (*Equivalents, error) {
	all := &Equivalents{name: name}
	var block []string
	from := 0
	flush := func() error {
		if len(block) == 0 {
			return nil
		}
		head := strings.Fields(block[0])
		if len(head) != 3 || len(block) < 3 {
			return fmt.Errorf("%s:%d: an entry is FILE FUNCTION OPERATOR, a line with the change, and a reason", name, from)
		}
		all.entries = append(all.entries, &equivalent{
			line: from, file: head[0], fn: head[1], operator: head[2],
			change: block[1], reason: strings.Join(block[2:], " "),
		})
		block = nil
		return nil
	}
	for i, l := range strings.Split(text, "\n") {
		l = strings.TrimSpace(l)
		switch {
		case strings.HasPrefix(l, "#"):
		case l == "":
			if err := flush(); err != nil {
				return nil, err
			}
		default:
			if len(block) == 0 {
				from = i + 1
			}
			block = append(block, l)
		}
	}
	return all, flush()
}

// Reason is why a mutant is known to be equivalent, or "".
func (all *Equivalents) Reason(m *Mutant) string {
	for _, e := range all.entries {
		if e.file == m.File && e.fn == m.Func && e.operator == m.Operator && (e.change == m.Change || e.change == "*") {
			e.used = true
			return e.reason
		}
	}
	return ""
}

// Stale lists the entries about a file of packages that are none of their mutants any more, which
// have to be all that there are.
func (all *Equivalents) Stale(mutants []*Mutant) []string {
	files := map[string]bool{}
	for _, m := range mutants {
		files[m.File] = true
		all.Reason(m)
	}
	var stale []string
	for _, e := range all.entries {
		if files[e.file] && !e.used {
			stale = append(stale, fmt.Sprintf("%s:%d: %s %s: no such mutant: %s", all.name, e.line, e.file, e.fn, e.change))
		}
	}
	slices.Sort(stale)
	return slices.Compact(stale)
}
