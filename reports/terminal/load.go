package terminal

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteLoad writes what a load did, what it noticed, and what its history says.
func WriteLoad(w io.Writer, r *reports.Result, style Style) error {
	var b printable.Page
	l := r.Load
	for i := range l.Findings {
		writeLoadFinding(&b, &l.Findings[i], style)
	}
	fmt.Fprintf(&b, "%d operations in %.1f s", l.Operations, time.Duration(l.Elapsed).Seconds())
	if l.Elapsed > 0 {
		fmt.Fprintf(&b, ", %.0f a second", float64(l.Operations)/time.Duration(l.Elapsed).Seconds())
	}
	b.WriteString("\n")
	writeCounts(&b, "calls", l.Calls, style)
	writeCounts(&b, "results", l.Codes, style)
	writeCounts(&b, "faults", l.Faults, style)
	if o := l.Overhead; o != nil {
		paragraph(&b, fmt.Sprintf("recording costs %+.1f %%: %v instead of %v for %d operations without faults, the best "+
			"of 5 runs each",
			100*(o.Ratio-1), short(o.With), short(o.Without), o.Operations), style)
	}
	b.WriteString("\n")
	writeHistory(&b, r.History, style)
	switch {
	case r.Verdict == model.Unknown:
		b.WriteString("\n")
		paragraph(&b, r.Message, style)
	case !r.Pass:
		b.WriteString("\nreplay: " + reports.Flat(r.Command) + "\n")
	}
	_, err := b.WriteTo(w)
	return err
}

// writeCounts writes counts, the largest first.
func writeCounts(b *printable.Page, title string, counts map[string]uint64, style Style) {
	if len(counts) == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(names, func(x, y string) int { return int(counts[y]) - int(counts[x]) })
	var parts []string
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%s %d", name, counts[name]))
	}
	Hanging(b, fmt.Sprintf("%-9s", title), strings.Join(parts, ", "), style)
}

func writeLoadFinding(b *printable.Page, f *reports.LoadFinding, style Style) {
	text := fmt.Sprintf("%s: %s", f.Kind, f.Message)
	switch {
	case f.Hang != nil || f.Client == "":
	case f.Call == "":
		text += " (" + f.Client + ")"
	default:
		text += " (" + f.Client + " in " + f.Call + ")"
	}
	paragraph(b, text, style)
	if f.Hang != nil {
		writeHang(b, f.Hang, style)
	} else if f.Stack != "" {
		b.WriteString(indent(f.Stack))
	}
	b.WriteString("\n")
}

// writeHang writes the wait-for graph, and the stacks after it.
func writeHang(b *printable.Page, h *reports.Hang, style Style) {
	for _, w := range h.Waits {
		text := w.Call
		if text == "" {
			text = "is idle"
		}
		switch {
		case w.Object == "":
			text += fmt.Sprintf(" for %v", short(w.For))
		case w.Holder != "":
			text += fmt.Sprintf(" waits %v for %s, which %s has", short(w.For), w.Object, w.Holder)
			if w.Since > 0 {
				text += fmt.Sprintf(" (since %v)", short(w.Since))
			}
		default:
			text += fmt.Sprintf(" waits %v for %s, which nobody has", short(w.For), w.Object)
		}
		Hanging(b, fmt.Sprintf("  %-14s ", w.Actor), text, style)
	}
	for _, w := range h.Waits {
		if w.Stack != "" {
			fmt.Fprintf(b, "\n  %s:\n%s", reports.Flat(w.Actor), indent(w.Stack))
		}
	}
}

func indent(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n    ") + "\n"
}

func short(ns int64) time.Duration { return time.Duration(ns).Round(time.Millisecond) }

// briefly is a duration without digits that do not matter, in ASCII.
func briefly(ns int64) string {
	d := time.Duration(ns)
	if d >= time.Millisecond {
		d = d.Round(time.Microsecond)
	}
	return strings.Replace(d.String(), "µ", "u", 1)
}
