package terminal

import (
	"fmt"
	"io"
	"strings"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteOrder writes the lock-order graph of a result for people: the hierarchy, the edges with a
// place each, and the cycles with what the checker knows of them; below a cycle that can close, the
// interleaving that closes it.
func WriteOrder(w io.Writer, r *reports.Result, style Style) error {
	b := printable.Page{Coloured: style.Colour}
	title := r.Suite + ":" + r.Scenario
	if r.Protocol != "" {
		title += " (protocol " + r.Protocol + ")"
	}
	heading(&b, title, style)
	o := r.LockOrder
	if len(o.Edges) == 0 {
		b.WriteString("no thread ever asks for a lock or job while it holds another\n")
		_, err := b.WriteTo(w)
		return err
	}
	paragraph(&b, "hierarchy, outermost first: "+strings.Join(o.Order, ", "), style)
	if len(r.Order) > 0 {
		paragraph(&b, "the suite expects: "+strings.Join(r.Order, ", "), style)
	}
	if !o.Complete {
		paragraph(&b, "not every state was visited: edges may be missing, and what is not real is unknown", style)
	}
	b.WriteString("\nheld            asked for\n")
	orderEdges(&b, o, style)
	b.WriteString("\n")
	if len(o.Cycles) == 0 {
		b.WriteString("no cycles" + reports.Choose(o.Complete,
			": no wait for these locks and jobs can close into a ring", "") + "\n")
	}
	for i := range o.Cycles {
		orderCycle(&b, r, &o.Cycles[i], style)
	}
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("writing the lock order: %w", err)
	}
	return nil
}

func orderEdges(b *printable.Page, o *reports.LockOrder, style Style) {
	from, to := 14, 8
	for _, e := range o.Edges {
		from, to = max(from, len(reports.Flat(e.From))), max(to, len(reports.Flat(e.To)))
	}
	for i := range o.Edges {
		e := &o.Edges[i]
		mark := reports.Choose(e.Against, "AGAINST ", reports.Choose(e.Up, "UP ", ""))
		place := fmt.Sprintf("%s%s %s", mark, e.Witnesses[0].Name, e.Witnesses[0].Path(1))
		if n := len(e.Witnesses) - 1; n > 0 {
			place += fmt.Sprintf(" and %d more", n)
		}
		line := fmt.Sprintf("%-*s  %-*s  ", from, reports.Flat(e.From), to, reports.Flat(e.To))
		for j, part := range wrap(reports.Flat(place), max(20, style.width()-len(line))) {
			b.WriteString(reports.Choose(j == 0, line, strings.Repeat(" ", len(line))))
			if j == 0 && mark != "" {
				b.Paint(printable.Bad, strings.TrimSuffix(mark, " "))
				part = strings.TrimPrefix(part, strings.TrimSuffix(mark, " "))
			}
			b.WriteString(part + "\n")
		}
	}
}

func orderCycle(b *printable.Page, r *reports.Result, c *reports.Cycle, style Style) {
	colour := map[reports.CycleStatus]printable.Colour{
		reports.Real: printable.Bad, reports.Guarded: printable.Good, reports.Unsettled: printable.Open,
	}
	for i, line := range wrap(reports.Flat(reports.PathString(c.Path)), style.width()-9) {
		if i == 0 {
			b.Paint(colour[c.Status], fmt.Sprintf("%-7s", c.Status))
			b.WriteString("  " + line + "\n")
			continue
		}
		b.WriteString("           " + line + "\n")
	}
	why := c.Guard
	if c.Status == reports.Unsettled {
		why = "a limit was hit before the search could tell"
	}
	if c.Counterexample != nil {
		var parts []string
		for _, x := range c.Closing {
			parts = append(parts, fmt.Sprintf("T%d %s holds %s and waits for %s", x.Thread, x.Name, x.Holds, x.WaitsFor))
		}
		why = fmt.Sprintf("closed after %d steps: %s", len(c.Counterexample.Steps), strings.Join(parts, "; "))
	}
	for _, line := range wrap(reports.Flat(why), style.width()-9) {
		b.WriteString("         " + line + "\n")
	}
	if c.Counterexample == nil {
		return
	}
	closed := *r
	closed.Verdict, closed.Counterexample = model.Deadlock, c.Counterexample
	b.WriteString("\n")
	drawLanes(b, &closed, style)
	fmt.Fprintf(b, "\nreplay: %s\n", reports.Flat(reports.ReplayLine(r, c.Counterexample)))
}
