package stress

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
)

// WriteText writes a result for people.
func WriteText(w io.Writer, r *Result) error {
	var b strings.Builder
	for _, f := range r.Findings {
		writeFinding(&b, f)
	}
	rate := 0.0
	if r.Elapsed > 0 {
		rate = float64(r.Operations) / r.Elapsed.Seconds()
	}
	fmt.Fprintf(&b, "%d operations in %.1f s, %.0f a second\n", r.Operations, r.Elapsed.Seconds(), rate)
	writeCounts(&b, "calls", r.Calls)
	writeCounts(&b, "results", r.Codes)
	writeCounts(&b, "faults", r.Struck)
	if o := r.Overhead; o != nil {
		fmt.Fprintf(&b, "recording costs %+.1f %%: %v instead of %v for %d operations without faults, the best of 5 runs each\n",
			100*(o.Ratio-1), o.With.Round(time.Millisecond), o.Without.Round(time.Millisecond), o.Operations)
	}
	b.WriteByte('\n')
	WriteCheck(&b, r.Check)
	switch {
	case len(r.Findings) == 0 && !r.Complete:
		b.WriteString("\ninterrupted: this is what was seen until then\n")
	case r.Verdict() != linear.OK:
		fmt.Fprintf(&b, "\nreplay: %s\n", r.Replay)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeCounts writes counts, the largest first.
func writeCounts(b *strings.Builder, title string, counts map[string]uint64) {
	if len(counts) == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(names, func(x, y string) int { return int(counts[y]) - int(counts[x]) })
	fmt.Fprintf(b, "%-8s", title)
	width := 8
	for _, name := range names {
		text := fmt.Sprintf(" %s %d", name, counts[name])
		if width+len(text) > 100 {
			b.WriteString("\n        ")
			width = 8
		}
		b.WriteString(text)
		width += len(text)
	}
	b.WriteByte('\n')
}

func writeFinding(b *strings.Builder, f Finding) {
	fmt.Fprintf(b, "%s: %s", f.Kind, f.Message)
	if f.Client != "" && f.Hang == nil {
		fmt.Fprintf(b, " (%s", f.Client)
		if f.Call != "" {
			fmt.Fprintf(b, " in %s", f.Call)
		}
		b.WriteByte(')')
	}
	b.WriteByte('\n')
	if f.Hang != nil {
		writeHang(b, f.Hang)
	} else if f.Stack != "" {
		b.WriteString(indent(f.Stack))
	}
	b.WriteByte('\n')
}

// writeHang writes the wait-for graph, and the stacks after it.
func writeHang(b *strings.Builder, h *Hang) {
	for _, w := range h.Waits {
		fmt.Fprintf(b, "  %-18s %-20s", w.Actor, w.Call)
		switch {
		case w.Object == "":
			fmt.Fprintf(b, " for %v", short(w.For))
		case w.Holder != "":
			fmt.Fprintf(b, " waits %v for %s, which %s has", short(w.For), w.Object, w.Holder)
			if w.Since > 0 {
				fmt.Fprintf(b, " (since %v)", short(w.Since))
			}
		default:
			fmt.Fprintf(b, " waits %v for %s, which nobody has", short(w.For), w.Object)
		}
		b.WriteByte('\n')
	}
	for _, w := range h.Waits {
		if w.Stack != "" {
			fmt.Fprintf(b, "\n  %s:\n%s", w.Actor, indent(w.Stack))
		}
	}
}

func short(d time.Duration) time.Duration { return d.Round(time.Millisecond) }

// brief is a duration without digits that do not matter.
func brief(d time.Duration) time.Duration {
	if d < time.Millisecond {
		return d
	}
	return d.Round(time.Microsecond)
}

func indent(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n    ") + "\n"
}

// WriteCheck writes the outcome of a check for people.
func WriteCheck(b io.Writer, r *linear.Report) {
	for _, v := range r.Violations() {
		writeViolation(b, v)
	}
	for _, x := range r.Breaches[:min(len(r.Breaches), 10)] {
		fmt.Fprintf(b, "%s, at %d: %s\n", x.Client, x.At, x.Text)
	}
	if n := len(r.Breaches) - 10; n > 0 {
		fmt.Fprintf(b, "and %d more\n", n)
	}
	writeLayer(b, "api", r.API, fmt.Sprintf("%d calls of %d domains", r.API.Steps, r.API.Objects))
	writeLayer(b, "jobs", r.Jobs, fmt.Sprintf("%d jobs of %d domain objects, %d refused", r.JobCount, r.Jobs.Objects, r.Refused))
	fmt.Fprintf(b, "checked in %.1f s: %d windows, at most %d situations at a cut\n", r.Took.Seconds(), r.API.Windows+r.Jobs.Windows,
		max(r.API.Widest, r.Jobs.Widest))
	if len(r.Waits) > 0 {
		fmt.Fprintf(b, "\nlongest waits for a job\n")
	}
	for _, w := range r.Waits {
		fmt.Fprintf(b, "  %10v  %s, %s job of %s%s: %s\n", brief(w.For), w.Job.Client, w.Job.Type, w.Job.Domain, outcome(&w.Job),
			blockers(w.Blockers))
	}
}

func outcome(j *linear.Job) string {
	switch {
	case j.Refused:
		return ", refused"
	case j.Begun == linear.Never:
		return ", still waiting"
	}
	return ""
}

// blockers names the three that took most of a wait.
func blockers(all []linear.Blocker) string {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(x, y linear.Blocker) int { return int(y.For - x.For) })
	var parts []string
	for _, x := range all[:min(len(all), 3)] {
		parts = append(parts, fmt.Sprintf("%s had it %v (%s)", x.Client, brief(x.For), x.Type))
	}
	text := strings.Join(parts, ", ")
	if n := len(all) - 3; n > 0 {
		text += fmt.Sprintf(", and %d more", n)
	}
	return text
}

func writeLayer(b io.Writer, name string, y linear.Layer, what string) {
	fmt.Fprintf(b, "%-8s %-8s %s", name, y.Verdict, what)
	if y.Limit != "" {
		fmt.Fprintf(b, ": %s", y.Limit)
	}
	fmt.Fprintln(b)
}

// writeViolation writes a piece of history, one step a line.
func writeViolation(b io.Writer, v *linear.Violation) {
	name := v.Domain
	if v.Object > 0 {
		name = fmt.Sprintf("%s (object %d)", name, v.Object)
	}
	what := "no order explains these calls"
	if v.Layer == "jobs" {
		what = "no order explains these jobs"
	}
	fmt.Fprintf(b, "%s of %s\n  before  %s\n", what, name, strings.Join(v.Before, "\n      or  "))
	start := int64(0)
	if len(v.Steps) > 0 {
		start = v.Steps[0].From
	}
	for _, s := range v.Steps {
		to := "..."
		if s.To != linear.Never {
			to = fmt.Sprint(s.To - start)
		}
		fmt.Fprintf(b, "  %10d %10s  %-14s %s\n", s.From-start, to, s.Client, s.Text)
	}
	fmt.Fprintln(b)
}
