package outline

import (
	"fmt"
	"strings"
)

// Table is the eras side by side, oldest first, as a page of Markdown: which helper exists when,
// and then, era by era, what came, changed and went.
func Table(eras []*Era) string {
	var b strings.Builder
	b.WriteString("| helper |")
	for _, e := range eras {
		fmt.Fprintf(&b, " %s |", short(e))
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(eras)) + "\n")
	for _, name := range allNames(eras) {
		fmt.Fprintf(&b, "| `%s` |", name)
		var last *Helper
		for _, e := range eras {
			h := e.Find(name)
			fmt.Fprintf(&b, " %s |", mark(last, h))
			last = h
		}
		b.WriteByte('\n')
	}
	for i, e := range eras {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n", short(e), e.Title)
		var before *Era
		if i > 0 {
			before = eras[i-1]
		}
		since(&b, before, e)
	}
	return b.String()
}

// short is the name of an era without what all of them begin with.
func short(e *Era) string { return strings.TrimPrefix(e.Name, "libvirt-") }

// mark says what there is of a helper in an era, beside the era before.
func mark(before, now *Helper) string {
	switch {
	case now == nil:
		return ""
	case before == nil:
		return "new"
	case before.Declaration != now.Declaration:
		return "other type"
	case Changed(before, now) != nil:
		return "changed"
	}
	return "same"
}

// allNames lists the helpers of all eras, in the order in which they come.
func allNames(eras []*Era) []string {
	var names []string
	for _, e := range eras {
		for _, h := range e.Helpers {
			names = append(names, h.Name)
		}
	}
	return unique(names)
}

// since writes the helpers that are new or changed, and names those that are gone.
func since(b *strings.Builder, before, now *Era) {
	rows, gone := 0, []string(nil)
	for _, h := range now.Helpers {
		if before != nil {
			if was := before.Find(h.Name); was != nil && Changed(was, h) == nil {
				continue
			}
		}
		if rows++; rows == 1 {
			b.WriteString("\n| helper | requires | does |\n|---|---|---|\n")
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", code(h.Declaration), cell(h.Requires), cell(h.Does))
	}
	if before != nil {
		for _, h := range before.Helpers {
			if now.Find(h.Name) == nil {
				gone = append(gone, code(h.Name))
			}
		}
	}
	if gone != nil {
		fmt.Fprintf(b, "\nGone: %s.\n", strings.Join(gone, ", "))
	}
	if rows == 0 && gone == nil {
		b.WriteString("\nNo helper is another.\n")
	}
}

// code is C in a cell of a table.
func code(c string) string { return "`" + strings.ReplaceAll(c, "|", `\|`) + "`" }

func cell(all []string) string {
	var cs []string
	for _, s := range all {
		cs = append(cs, code(s))
	}
	return strings.Join(cs, "<br>")
}
