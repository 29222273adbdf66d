package reports

import (
	"fmt"
	"strings"
)

// A Lint is what a lint looked at, and what it did not understand.
type Lint struct {
	Of        string    `json:"of" jsonschema:"the paths, or the repository and its revision"`
	Before    string    `json:"before,omitempty" jsonschema:"the revision with which it is compared: findings are what is new since"`
	Contracts []string  `json:"contracts" jsonschema:"the protocols to which the source is held; none: only locks are known"`
	Files     int       `json:"files"`
	Functions int       `json:"functions" jsonschema:"with a body"`
	Relevant  int       `json:"relevant" jsonschema:"of these, reach a lock or the protocol"`
	Gone      []Finding `json:"gone,omitempty" jsonschema:"what was found before and is not any more"`
	Same      int       `json:"same,omitempty" jsonschema:"how many findings of the functions that the change concerns were there before"`
	Ignored   []Finding `json:"ignored,omitempty" jsonschema:"what comments in the source take back"`
	Remarks   []Place   `json:"remarks,omitempty" jsonschema:"comments that take back nothing"`
	Gaps      []Reading `json:"gaps,omitempty" jsonschema:"how often what was not understood"`
	Unclear   []Place   `json:"unclear,omitempty" jsonschema:"where; with --verbose only"`
	Unread    []Place   `json:"unread,omitempty" jsonschema:"files and functions that could not be read"`
	ElapsedMS int64     `json:"elapsed_ms"`
}

// LintSummary says in some words what a lint was about and what it came to.
func LintSummary(r *Report) string {
	l := r.Lint
	var s strings.Builder
	by := map[string]int{}
	known := 0
	for i := range r.Findings {
		if r.Findings[i].Known {
			known++
		} else {
			by[r.Findings[i].Severity]++
		}
	}
	kind := Choose(l.Before != "", "new ", "")
	var parts []string
	for _, severity := range []string{"error", "warning", "note"} {
		if n := by[severity]; n > 0 {
			parts = append(parts, plural(n, kind+severity))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "no "+kind+"findings")
	}
	s.WriteString(strings.Join(parts, ", "))
	add := func(n int, text string) {
		if n > 0 {
			fmt.Fprintf(&s, ", %d %s", n, text)
		}
	}
	add(known, "known")
	add(len(l.Gone), "gone")
	add(l.Same, "there before")
	add(len(l.Ignored), "ignored by comments")
	fmt.Fprintf(&s, "; %s of %s, %d of them with locks or the protocol", plural(l.Functions, "function"),
		plural(l.Files, "file"), l.Relevant)
	switch len(l.Contracts) {
	case 0:
		s.WriteString("; no contract, so only locks are known")
	default:
		fmt.Fprintf(&s, "; held to %s", strings.Join(l.Contracts, ", "))
	}
	unclear := int64(0)
	for _, g := range l.Gaps {
		unclear += g.N
	}
	if unclear > 0 {
		how := Choose(len(l.Unclear) == 0, " (--verbose)", "")
		fmt.Fprintf(&s, "; %s not understood%s", plural(int(unclear), "place"), how)
	}
	if n := len(l.Unread); n > 0 {
		fmt.Fprintf(&s, "; %d not read", n)
	}
	return s.String()
}
