package page

import (
	"fmt"
	"io"
	"strings"

	"github.com/lockproof/lockproof/reports"
)

// WriteSVG writes a lock-order graph as a picture that stands alone: it knows light and dark, and
// needs nothing from elsewhere.
func WriteSVG(w io.Writer, title string, o *reports.LockOrder) error {
	_, err := io.WriteString(w, svgOrder(title, o, true))
	if err != nil {
		return fmt.Errorf("writing SVG: %w", err)
	}
	return nil
}

// svgOrder is the picture; within a page, which has the style already and its own title, without
// these.
func svgOrder(title string, o *reports.LockOrder, alone bool) string {
	d := draw(o)
	var b strings.Builder
	top := 0.0
	width := d.width
	if alone {
		top = 26
		width = max(width, letter*float64(len(title))+2*margin)
	}
	fmt.Fprintf(&b,
		`<svg xmlns="http://www.w3.org/2000/svg" class="order" role="img" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" aria-label="%s">`,
		width, d.height+top, width, d.height+top, reports.Markup(describe(title, o)))
	b.WriteString("\n")
	if alone {
		fmt.Fprintf(&b, "<style>\n%s%s</style>\n<rect class=\"ground\" width=\"%.0f\" height=\"%.0f\"/>\n",
			asset("alone.css"), asset("drawing.css"), width, d.height+top)
		fmt.Fprintf(&b, "<text class=\"title\" x=\"%.0f\" y=\"20\">%s</text>\n<g transform=\"translate(0 %.0f)\">\n", margin,
			reports.Markup(title), top)
	}
	for _, l := range d.layers {
		fmt.Fprintf(&b, "<line class=\"level\" x1=\"0\" x2=\"%.0f\" y1=\"%.0f\" y2=\"%.0f\"/>\n", width, l.y, l.y)
		fmt.Fprintf(&b, "<text class=\"level\" x=\"8\" y=\"%.0f\">%s</text>\n", l.y-5, reports.Markup(l.name))
	}
	for i := range d.arrows {
		b.WriteString(svgArrow(&d.arrows[i]))
	}
	for _, x := range d.boxes {
		class, round := "lock", 2
		if x.node.Job {
			class, round = "lock job", 14
		}
		fmt.Fprintf(&b, "<g class=\"%s\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\" rx=\"%d\"/><text "+
			"x=\"%.1f\" y=\"%.1f\">%s</text></g>\n",
			class, x.x-x.w/2, x.y-boxHeight/2, x.w, boxHeight, round, x.x, x.y+4.5, reports.Markup(x.node.Name))
	}
	if alone {
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func svgArrow(a *arrow) string {
	class := "edge"
	if a.edge.Up {
		class += " up"
	}
	if a.real {
		class += " real"
	}
	tip := append([]string{a.edge.From + " -> " + a.edge.To + reports.Choose(a.edge.Up, " (inversion)", "")},
		reports.WitnessLines(a.edge)...)
	return fmt.Sprintf("<g class=\"%s\"><title>%s</title><path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>%s</g>\n",
		class,
		reports.Markup(strings.Join(tip, "\n")), a.x0, a.y0, a.cx0, a.cy0, a.cx1, a.cy1, a.x1, a.y1,
		arrowHead(a.cx1, a.cy1, a.x1, a.y1))
}

// describe is the picture in words, for those who do not see it.
func describe(title string, o *reports.LockOrder) string {
	text := title + ": lock hierarchy " + strings.Join(o.Order, ", ")
	var up []string
	for _, e := range o.Edges {
		if e.Up {
			up = append(up, e.From+" to "+e.To)
		}
	}
	if len(up) > 0 {
		text += "; against it: " + strings.Join(up, ", ")
	}
	return text
}
