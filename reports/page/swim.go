package page

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/reports"
)

// swim draws an interleaving as swim lanes: time downward, a lane for each thread, in it a bar for
// each lock and job that the thread holds, as long as it holds it, and beside the bars what it
// does. An arrow leads from a thread that begins to wait to the one that holds what it waits for;
// those of the last state, with the closing cycle, stand below the last step.
type swim struct {
	c       *reports.Counterexample
	names   []string
	shown   []int // threads with a lane, from 1
	letters *reports.Letters
	slots   map[int][]string // by thread: what it ever holds, in the order of the legend
	only    string           // see onlyDomain
	loop    int              // the step from which the others are repeated for ever, from 1; 0: none

	laneX  map[int]float64
	laneW  float64
	width  float64
	height float64
	rowY   func(i int) float64 // of the middle of step i; the end is row len(steps)
	out    strings.Builder
}

const (
	swimNumber = 34.0
	swimRow    = 27.0
	swimHead   = 48.0
	swimSlot   = 15.0
	swimGlyph  = 6.9  // width of a character
	swimBold   = 8.2  // the same of what is bold: a step that fails, and who is involved in the end
	swimWait   = 22.0 // height of a wait below the last step
)

// SVGLanes is the picture, within a page that has the style.
func SVGLanes(r *reports.Result, c *reports.Counterexample) string {
	s := &swim{
		c: c, names: r.Threads, shown: reports.Movers(len(r.Threads), c), letters: reports.LettersOf(c),
		only: reports.OnlyDomain(c), slots: map[int][]string{},
		laneX: map[int]float64{},
	}
	if r.Loop != nil && c == r.Counterexample {
		s.loop = r.Loop.First
	}
	s.measure()
	s.draw()
	return s.out.String()
}

func (s *swim) measure() {
	slots, text := 0, 60.0
	for _, name := range s.letters.Names {
		for _, t := range s.shown {
			if slices.ContainsFunc(s.c.Steps, func(x reports.Step) bool {
				return x.Thread == t && slices.Contains(x.Held, name)
			}) {
				s.slots[t] = append(s.slots[t], name)
				slots = max(slots, len(s.slots[t]))
			}
		}
	}
	for i := range s.c.Steps {
		glyph := reports.Choose(s.c.Steps[i].Failed != "", swimBold, swimGlyph)
		text = max(text, glyph*float64(len(reports.Event(&s.c.Steps[i], s.only))))
	}
	for _, e := range s.c.End {
		text = max(text, reports.Choose(e.Involved, swimBold, swimGlyph)*float64(len(s.endText(&e))))
	}
	for _, t := range s.shown {
		text = max(text, swimGlyph*float64(len(s.names[t-1])))
	}
	s.laneW = float64(slots)*swimSlot + text + 20
	for i, t := range s.shown {
		s.laneX[t] = swimNumber + float64(i)*s.laneW
	}
	s.rowY = func(i int) float64 { return swimHead + swimRow*(float64(i)+0.5) }
	s.width = swimNumber + float64(len(s.shown))*s.laneW + 6
	s.height = s.rowY(len(s.c.Steps)) + swimRow/2 + swimWait*float64(len(s.closing())) + 12
}

// textX is where the events of a thread begin.
func (s *swim) textX(t int) float64 { return s.laneX[t] + 10 + swimSlot*float64(len(s.slots[t])) + 4 }

func (s *swim) draw() {
	fmt.Fprintf(&s.out, `<svg class="swim" role="img" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" aria-label="%s">`+
		"\n",
		s.width, s.height, s.width, s.height, reports.Markup(s.inWords()))
	for i, t := range s.shown {
		fmt.Fprintf(&s.out, "<rect class=\"lane%s\" x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%.1f\"/>\n",
			reports.Choose(i%2 == 1, " odd", ""), s.laneX[t], s.laneW, s.height)
		fmt.Fprintf(&s.out, "<text class=\"thread\" x=\"%.1f\" y=\"18\">T%d</text><text class=\"call\" x=\"%.1f\" "+
			"y=\"35\">%s</text>\n",
			s.laneX[t]+10, t, s.laneX[t]+10, reports.Markup(s.names[t-1]))
	}
	for i := range s.c.Steps {
		s.row(i, reports.Event(&s.c.Steps[i], s.only))
	}
	for _, t := range s.shown {
		s.bars(t)
	}
	s.beginnings()
	s.end()
	s.back()
	s.out.WriteString("</svg>\n")
}

func (s *swim) row(i int, text string) {
	x := &s.c.Steps[i]
	y := s.rowY(i)
	class := reports.Choose(x.Failed != "", "row failed", "row")
	at := x.Place()
	place := reports.Choose(at.Line > 0, fmt.Sprintf("\n%s in %s:%d", at.Function, at.File, at.Line), "")
	fmt.Fprintf(&s.out, "<g class=\"%s\" data-step=\"%d\"><title>%s</title><rect class=\"stripe\" x=\"0\" y=\"%.1f\" "+
		"width=\"%.1f\" height=\"%.1f\"/>",
		class, i+1, reports.Markup(x.Operation+place), y-swimRow/2, s.width, swimRow)
	fmt.Fprintf(&s.out, "<text class=\"number\" x=\"%.1f\" y=\"%.1f\">%d</text>", swimNumber-8, y+4, i+1)
	fmt.Fprintf(&s.out, "<text class=\"event\" x=\"%.1f\" y=\"%.1f\">%s</text></g>\n", s.textX(x.Thread), y+4,
		reports.Markup(text))
}

// bars draws what a thread holds, from the step that takes it to the one that gives it back.
func (s *swim) bars(t int) {
	for slot, name := range s.slots[t] {
		x := s.laneX[t] + 10 + swimSlot*float64(slot)
		from := -1
		bar := func(to float64) {
			y := s.rowY(from) - 9
			colour := slices.Index(s.letters.Names, name) % 8
			fmt.Fprintf(&s.out, "<g class=\"bar k%d\"><title>T%d holds %s</title><rect x=\"%.1f\" y=\"%.1f\" width=\"12\" "+
				"height=\"%.1f\" rx=\"3\"/><text x=\"%.1f\" y=\"%.1f\">%s</text></g>\n",
				colour, t, reports.Markup(name), x, y, to-y, x+6, y+12.5, s.letters.Of([]string{name}))
			from = -1
		}
		for i := range s.c.Steps {
			if s.c.Steps[i].Thread != t && !reports.EndsOthers(&s.c.Steps[i]) {
				continue
			}
			holds := s.c.Steps[i].Thread == t && slices.Contains(s.c.Steps[i].Held, name)
			switch {
			case holds && from < 0:
				from = i
			case !holds && from >= 0:
				bar(s.rowY(i) + 4)
			}
		}
		if from >= 0 {
			bar(s.rowY(len(s.c.Steps)) + swimRow/2)
		}
	}
}

// beginnings draws an arrow where a wait begins: below the step after which a thread cannot go on.
func (s *swim) beginnings() {
	before := map[reports.Wait]bool{}
	for i := range s.c.Steps {
		now := map[reports.Wait]bool{}
		n := 0.0
		for _, w := range s.c.Steps[i].Waits {
			now[w] = true
			if !before[w] && w.Holder > 0 && i < len(s.c.Steps)-1 && s.moves(w.Thread, i) {
				s.arrow("waits", w, s.rowY(i)+swimRow/2-1+3*n, false)
				n++
			}
		}
		before = now
	}
}

// moves reports whether a thread has moved by step i: before that it is not yet there to wait.
func (s *swim) moves(t, i int) bool {
	return slices.ContainsFunc(s.c.Steps[:i+1], func(x reports.Step) bool { return x.Thread == t })
}

func (s *swim) arrow(class string, w reports.Wait, y float64, label bool) {
	_, from := s.laneX[w.Thread]
	_, to := s.laneX[w.Holder]
	if !from || !to || w.Thread == w.Holder {
		return
	}
	x0, x1 := s.textX(w.Thread)+6, s.barX(w)
	if x1 < x0 {
		x1 += 12
	}
	text := fmt.Sprintf("T%d waits for %s, which T%d has", w.Thread, w.For, w.Holder)
	fmt.Fprintf(&s.out, "<g class=\"%s\"><title>%s</title><circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/><path d=\"M%.1f "+
		"%.1fL%.1f %.1f\"/>%s", class,
		reports.Markup(text), x0, y, x0, y, x1, y, arrowHead(x0, y, x1, y))
	if label {
		fmt.Fprintf(&s.out, "<text x=\"%.1f\" y=\"%.1f\">%s</text>", (x0+x1)/2,
			y-4, reports.Markup(reports.Brief(w.For, s.only)))
	}
	s.out.WriteString("</g>\n")
}

// barX is the left edge of the bar for which a thread waits; for a sleeper, the edge of the bars.
func (s *swim) barX(w reports.Wait) float64 {
	slot := max(0, slices.Index(s.slots[w.Holder], w.For))
	return s.laneX[w.Holder] + 10 + swimSlot*float64(slot)
}

// closing lists the waits of the last state among threads with a lane.
func (s *swim) closing() []reports.Wait {
	if len(s.c.Steps) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.c.Steps[len(s.c.Steps)-1].Waits), func(w reports.Wait) bool {
		return w.Holder == 0 || !slices.Contains(s.shown, w.Thread) || !slices.Contains(s.shown, w.Holder)
	})
}

func (s *swim) end() {
	n := len(s.c.Steps)
	fmt.Fprintf(&s.out, "<line class=\"end\" x1=\"0\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", s.width,
		s.rowY(n)-swimRow/2, s.rowY(n)-swimRow/2)
	fmt.Fprintf(&s.out, "<text class=\"number\" x=\"%.1f\" y=\"%.1f\">end</text>\n", swimNumber-8, s.rowY(n)+4)
	involved := map[int]bool{}
	for _, e := range s.c.End {
		involved[e.Thread] = e.Involved
		if text := s.endText(&e); text != "" && slices.Contains(s.shown, e.Thread) {
			fmt.Fprintf(&s.out, "<text class=\"final%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
				reports.Choose(e.Involved, " involved", ""),
				s.textX(e.Thread), s.rowY(n)+4, reports.Markup(text))
		}
	}
	for i, w := range s.closing() {
		class := reports.Choose(involved[w.Thread] && involved[w.Holder], "waits cycle", "waits")
		s.arrow(class, w, s.rowY(n)+swimRow/2+swimWait*(float64(i)+0.6), true)
	}
}

// back draws the arrow of a loop, at the left edge: from below the last step up to the first of it.
func (s *swim) back() {
	if s.loop == 0 {
		return
	}
	from, to := s.rowY(len(s.c.Steps))-swimRow/2, s.rowY(s.loop-1)
	fmt.Fprintf(&s.out, "<g class=\"loop\"><title>from here back to step %d, again and again</title><path d=\"M10 "+
		"%.1fH4V%.1fH10\"/>%s</g>\n",
		s.loop, from, to, arrowHead(4, to, 12, to))
}

func (s *swim) endText(e *reports.End) string {
	switch {
	case e.Next == "":
		return "finished"
	case e.Asleep:
		return "sleeps on " + reports.Brief(e.WaitsFor, s.only)
	case e.WaitsFor != "":
		return "waits for " + reports.Brief(e.WaitsFor, s.only)
	}
	return ""
}

func (s *swim) inWords() string {
	var parts []string
	for _, e := range s.c.End {
		if text := s.endText(&e); text != "" && slices.Contains(s.shown, e.Thread) {
			parts = append(parts, fmt.Sprintf("T%d %s", e.Thread, text))
		}
	}
	return fmt.Sprintf("Interleaving of %d threads in %d steps. At the end %s. The steps are listed below.", len(s.shown),
		len(s.c.Steps), strings.Join(parts, ", "))
}
