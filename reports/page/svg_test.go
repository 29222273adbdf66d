package page

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/reportstest"
)

// The picture is well-formed XML, an inversion is drawn unlike other edges, and nothing lies
// outside the frame.
func TestSVG(t *testing.T) {
	r := reportstest.ReportOn(t, search.Options{}, "exit-monitor-order:driver-before-exit-with-rogue", "driver-held:three-on-two-domains")
	for i, o := range []*reports.LockOrder{r.Results[0].LockOrder, r.Results[1].LockOrder, reportstest.HostileOrder()} {
		text := reportstest.Written(t, func(w io.Writer, _ *reports.Report) error { return WriteSVG(w, "title", o) }, func() *reports.Report { return nil })
		if i == 0 {
			reportstest.Golden(t, "order.svg", string(text))
		}
		dec := xml.NewDecoder(bytes.NewReader(text))
		for {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		d := draw(o)
		for _, b := range d.boxes {
			if b.x-b.w/2 < labelWidth-1 || b.x+b.w/2 > d.width || b.y-boxHeight/2 < 0 || b.y+boxHeight/2 > d.height {
				t.Errorf("graph %d: %s lies outside: %+v", i, b.node.Name, b)
			}
		}
		for _, a := range d.arrows {
			if a.extreme() < 0 || a.extreme() > d.width {
				t.Errorf("graph %d: %s -> %s leaves the frame", i, a.edge.From, a.edge.To)
			}
		}
	}
	var b strings.Builder
	if err := WriteSVG(&b, "x", r.Results[0].LockOrder); err != nil || strings.Count(b.String(), `class="edge up real"`) != 1 {
		t.Errorf("%v\n%s", err, b.String())
	}
}
