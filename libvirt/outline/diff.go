package outline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Changed says what of a helper is another in a later era; nil where nothing is.
func Changed(old, now *Helper) []string {
	var lines []string
	if old.Declaration != now.Declaration {
		lines = append(lines, "is now "+now.Declaration)
	}
	list := func(title string, were, are []string) {
		for _, s := range were {
			if !slices.Contains(are, s) {
				lines = append(lines, title+" no more: "+s)
			}
		}
		for _, s := range are {
			if !slices.Contains(were, s) {
				lines = append(lines, title+" now: "+s)
			}
		}
	}
	list("requires", old.Requires, now.Requires)
	if !slices.Equal(old.Does, now.Does) {
		lines = append(lines, "did: "+join(old.Does), "does: "+join(now.Does))
	}
	return lines
}

func join(all []string) string {
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, "; ")
}

// Diff says what changed from one era to another: helpers that came, went and changed, then the C
// as a unified diff.
func Diff(old, now *Era) string {
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s: %s\n+++ %s: %s\n", old.Name, old.Title, now.Name, now.Title)
	section := func(title string, lines []string) {
		if len(lines) > 0 {
			fmt.Fprintf(&b, "\n%s\n%s", title, strings.Join(lines, ""))
		}
	}
	var added, removed, changed []string
	for _, h := range now.Helpers {
		if was := old.Find(h.Name); was == nil {
			added = append(added, entry(h))
		} else if lines := Changed(was, h); lines != nil {
			changed = append(changed, "  "+h.Name+"\n      "+strings.Join(lines, "\n      ")+"\n")
		}
	}
	for _, h := range old.Helpers {
		if now.Find(h.Name) == nil {
			removed = append(removed, "  "+h.Declaration+"\n")
		}
	}
	section("helpers added", added)
	section("helpers removed", removed)
	section("helpers changed", changed)
	if added == nil && removed == nil && changed == nil {
		b.WriteString("\nno helper differs\n")
	}
	if d := diff.Diff(old.Name+".c", []byte(old.Text), now.Name+".c", []byte(now.Text)); d != nil {
		b.WriteString("\n" + string(d))
	}
	return b.String()
}

// entry is a helper with all that is known of it.
func entry(h *Helper) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s\n", h.Declaration)
	for _, r := range h.Requires {
		fmt.Fprintf(&b, "      requires: %s\n", r)
	}
	fmt.Fprintf(&b, "      does: %s\n", join(h.Does))
	return b.String()
}
