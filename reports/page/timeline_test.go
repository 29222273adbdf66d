package page

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/reportstest"
)

// diagnosed is a report with so many jobs of two domains, one after the other, a wait in vain at
// the end, and names that break pages which do not escape.
func diagnosed(bars int) *reports.Report {
	const log = "libvirtd.log"
	at := func(n int) []reports.InputAt { return []reports.InputAt{{File: log, Line: n}} }
	t := &reports.Timeline{Dated: true}
	start := int64(1933405199e9)
	for i := range bars {
		b := reports.Bar{Domain: fmt.Sprintf("g%d", i%2), Lane: i / 2 % 5, From: start + int64(i)*1e6, What: "query", Thread: int64(i%7 + 1), At: at(i + 1)[0], End: at(i + 2)[0]}
		b.To = b.From + 1e6
		t.Bars = append(t.Bars, b)
	}
	last := start + int64(bars)*1e6
	t.Bars = append(t.Bars, reports.Bar{
		Domain: "g0", Lane: 4, From: last, To: last + 30e9, GaveUp: true, What: "modify job", Thread: 9, API: reportstest.Hostile, At: at(1)[0], End: at(2)[0],
	})
	r := reports.NewReport("test")
	r.AddDiagnosis(&reports.Diagnosis{
		Inputs: []string{log}, Format: "libvirtd-log", Cause: "qemu-silent", Meaning: "it does not answer", Sure: "stated", Fault: true, Domains: []string{"g0", reportstest.Hostile},
		Why: []reports.Claim{{Text: reportstest.Hostile, Lines: at(2)}}, Holders: []reports.Holder{{Domain: "g0", Job: "query", API: reportstest.Hostile, Lines: at(1)}},
		Waiters: []reports.Waiter{{Thread: 9, Behind: 1, TimedOut: true, Lines: at(2)}, {Thread: 8, Lines: at(77)}}, Rules: []model.Kind{model.NoJob}, CannotTell: []string{"why"},
		Next: []string{"virsh domjobinfo g0"}, Findings: 1, Timeline: t,
	})
	r.Findings = []reports.Finding{{Rule: model.NoJob, Severity: "error", File: log, Line: 1, Message: reportstest.Hostile, Related: []reports.Place{}, Path: []reports.Place{}}}
	r.Sources = []reports.Source{{File: log, Lines: []reports.Line{{Number: 1, Text: "first " + reportstest.Hostile}, {Number: 2, Text: "second"}}}}
	return r
}

// The page of a diagnosis escapes what it shows, leads from each claim to its lines, and is the
// same each time.
func TestDiagnosisPage(t *testing.T) {
	text := string(reportstest.Written(t, WriteHTML, func() *reports.Report { return diagnosed(50) }))
	for _, want := range []string{`<a href="#l0-1">1</a>`, `<div id="l0-1"><i>1</i> first `, `line 77`, "qemu-silent", "no-job", "Cannot be told: why", "51 bars of 2 domains", "virsh domjobinfo g0"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, bad := range []string{"<img", "<no value>", "ZgotmplZ", "not as expected</button>\n</div>\n<p"} {
		if strings.Contains(text, bad) {
			t.Errorf("%s is on the page", bad)
		}
	}
	if plain := string(reportstest.Written(t, WriteHTML, func() *reports.Report { return reports.NewReport("test") })); strings.Contains(plain, "timeline") {
		t.Error("a page without a diagnosis has a timeline")
	}
}

// A reader goes along a timeline of 100,000 bars with the keyboard and the mouse, and from a bar to
// its line.
func TestTimeline(t *testing.T) {
	ctx, complaints := browser(t, diagnosed(100_000))
	now := func() string { return evaluate[string](t, ctx, `document.querySelector(".timeline .now").textContent`) }
	const canvas = ".timeline canvas"
	key(t, ctx, canvas, "n")
	if got := now(); !strings.HasPrefix(got, "query, thread 1, since 2031-04-08 08:59:59.000, for 1 ms line 1 to line 2") {
		t.Error(got)
	}
	key(t, ctx, canvas, "n") // the next of the same row
	if got := now(); !strings.HasPrefix(got, "query, thread 4, since 2031-04-08 08:59:59.010, for 1 ms libvirtd.log:11") {
		t.Error(got)
	}
	key(t, ctx, canvas, "p")
	key(t, ctx, canvas, "\r")
	if got := evaluate[string](t, ctx, `location.hash`); got != "#l0-1" {
		t.Errorf("it leads to %q", got)
	}
	const picture = `document.querySelector(".timeline canvas").toDataURL()`
	keep := func(name string) { evaluate[chromedp.Void](t, ctx, "void (window."+name+" = "+picture+")") }
	until := func(condition string) {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.Poll[bool](condition)); err != nil {
			t.Fatalf("%s: %v", condition, err)
		}
	}
	evaluate[chromedp.Void](t, ctx, `void requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = true; }))`)
	until("window.drawn === true")
	keep("whole")
	for _, k := range []string{"+", "+", "-", "0"} {
		keep("before")
		key(t, ctx, canvas, k)
		until(picture + " !== window.before")
	}
	until(picture + " === window.whole")
	// a click on the wait in vain, which takes the last quarter of the row of waits
	evaluate[chromedp.Void](t, ctx, `(() => {
		const c = document.querySelector(".timeline canvas"), r = c.getBoundingClientRect();
		for (const type of ["pointerdown", "pointerup"])
			c.dispatchEvent(new PointerEvent(type, {pointerId: 1, clientX: r.left + r.width * 0.95, clientY: r.top + 22 + 16 * 4.5, bubbles: true}));
	})()`)
	if got := now(); !strings.Contains(got, "modify job, thread 9") || !strings.Contains(got, "waited in vain for 30 s") {
		t.Error(got)
	}
	for _, c := range complaints() {
		if !strings.Contains(c, "setPointerCapture") { // there is no such pointer
			t.Error(c)
		}
	}
}
