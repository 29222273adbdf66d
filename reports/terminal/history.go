package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteHistory writes whether a recorded history can be explained, and who waited for whom.
func WriteHistory(w io.Writer, r *reports.Result, style Style) error {
	var b printable.Page
	if r.History.Calls {
		Hanging(&b, "input    ", r.Ref, style)
	}
	writeHistory(&b, r.History, style)
	switch {
	case r.History.Stopped != model.NoLimit:
		b.WriteString("\n")
		paragraph(&b, fmt.Sprintf("the history was not checked to its end (%s)", r.History.Stopped), style)
	case !r.Complete:
		b.WriteString("\nthe recorded run did not come to its own end\n")
	}
	if r.Verdict != model.OK {
		for _, d := range r.Details {
			b.WriteString("\n" + reports.Flat(d) + "\n")
		}
	}
	_, err := b.WriteTo(w)
	return err
}

// mostBreaches is how many breaches are listed.
const mostBreaches = 10

func writeHistory(b *printable.Page, h *reports.History, style Style) {
	for i := range h.Violations {
		writeViolation(b, &h.Violations[i], h.Calls, style)
	}
	if h.MoreViolations > 0 {
		fmt.Fprintf(b, "and %d more pieces that no order explains\n\n", h.MoreViolations)
	}
	for _, x := range h.Breaches[:min(len(h.Breaches), mostBreaches)] {
		paragraph(b, fmt.Sprintf("%s, at %d: %s", x.Client, x.At, x.Text), style)
	}
	if n := len(h.Breaches) + h.MoreBreaches - mostBreaches; n > 0 {
		fmt.Fprintf(b, "and %d more\n", n)
	}
	calls := fmt.Sprintf("%d calls of %d domains", h.API.Steps, h.API.Objects)
	if h.API.Steps < h.Operations {
		calls += fmt.Sprintf("; %d further ones were not checked", h.Operations-h.API.Steps)
	}
	writeLayer(b, "api", &h.API, calls, style)
	if h.Calls {
		writeCalls(b, h, style)
		return
	}
	writeLayer(b, "jobs", &h.Jobs, fmt.Sprintf("%d jobs of %d domain objects, %d refused", h.JobCount, h.Jobs.Objects,
		h.Refused), style)
	paragraph(b, fmt.Sprintf("checked in %.1f s: %d windows, at most %d situations at a cut",
		time.Duration(h.Took).Seconds(), h.API.Windows+h.Jobs.Windows,
		max(h.API.Situations, h.Jobs.Situations)), style)
	if len(h.Waits) > 0 {
		b.WriteString("\nlongest waits for a job\n")
	}
	for i := range h.Waits {
		w := &h.Waits[i]
		text := fmt.Sprintf("%s, %s job of %s%s: %s", w.Client, w.Job, w.Domain, outcomeOf(w), blockersOf(w))
		Hanging(b, fmt.Sprintf("  %10s  ", briefly(w.For)), text, style)
	}
}

// writeCalls is the rest of what there is to say of calls that clients saw.
func writeCalls(b *printable.Page, h *reports.History, style Style) {
	for _, s := range h.Assumed {
		Hanging(b, "assumed  ", s, style)
	}
	for _, s := range h.Notes {
		Hanging(b, "note     ", s, style)
	}
	paragraph(b, fmt.Sprintf("checked in %d ms: %d windows, at most %d situations at a cut",
		time.Duration(h.Took).Milliseconds(), h.API.Windows, h.API.Situations), style)
}

func writeLayer(b *printable.Page, name string, y *reports.HistoryLayer, what string, style Style) {
	if y.Limit != "" {
		what += ": " + y.Limit
	}
	Hanging(b, fmt.Sprintf("%-8s %-8s ", name, y.Verdict), what, style)
}

// writeViolation writes a piece of history, one step a line.
func writeViolation(b *printable.Page, v *reports.Unexplained, calls bool, style Style) {
	paragraph(b, reports.UnexplainedTitle(v), style)
	for i, text := range v.Before {
		Hanging(b, reports.Choose(i == 0, "  before  ", "      or  "), text, style)
	}
	start := int64(0)
	if len(v.Steps) > 0 {
		start = v.Steps[0].From
	}
	for i := range v.Steps {
		s := &v.Steps[i]
		if calls {
			writeCall(b, s, start, style)
			continue
		}
		to := "..."
		if s.To != nil {
			to = fmt.Sprint(*s.To - start)
		}
		Hanging(b, fmt.Sprintf("  %10d %10s  %-10s ", s.From-start, to, s.Client), s.Text, style)
	}
	if v.Culprit != nil {
		paragraph(b, fmt.Sprintf("nothing explains line %d: %s", v.Culprit.Line, v.Culprit.Text), style)
		for i, text := range v.Then {
			Hanging(b, reports.Choose(i == 0, "  then    ", "      or  "), text, style)
		}
	}
	if v.AsFound {
		paragraph(b, "a limit was hit before this piece was cut down: steps may be left that do not matter", style)
	}
	b.WriteString("\n")
}

// writeCall writes a call of a client: its line, and its beginning and end in milliseconds.
func writeCall(b *printable.Page, s *reports.HistoryStep, start int64, style Style) {
	to := "..."
	if s.To != nil {
		to = fmt.Sprintf("%.3f", float64(*s.To-start)/1e6)
	}
	Hanging(b, fmt.Sprintf("  line %-6d %10.3f %10s ms  %-4s ", s.Line, float64(s.From-start)/1e6, to,
		s.Client), s.Text, style)
}

// outcomeOf says how a wait ended, if that is worth a word.
func outcomeOf(w *reports.JobWait) string {
	switch {
	case w.Refused:
		return ", refused"
	case w.Waiting:
		return ", still waiting"
	}
	return ""
}

// blockersOf names the three that took most of a wait.
func blockersOf(w *reports.JobWait) string {
	all := slices.Clone(w.Blockers)
	slices.SortStableFunc(all, func(x, y reports.JobHolder) int { return int(y.For - x.For) })
	var parts []string
	for _, x := range all[:min(len(all), 3)] {
		parts = append(parts, fmt.Sprintf("%s had it %s (%s)", x.Client, briefly(x.For), x.Job))
	}
	text := strings.Join(parts, ", ")
	if n := len(all) - 3; n > 0 {
		text += fmt.Sprintf(", and %d more", n)
	}
	return text
}
