package page

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/reportstest"
)

func TestHTML(t *testing.T) {
	var scenarios int
	library := reportstest.Written(t, WriteHTML, func() *reports.Report {
		r := reportstest.ReportOn(t, search.Options{})
		scenarios = len(r.Results)
		return r
	})
	t.Logf("the library's page has %d bytes for %d scenarios", len(library), scenarios)
	if len(library) > 20_000*scenarios {
		t.Errorf("%d bytes for %d scenarios", len(library), scenarios)
	}
	text := reportstest.Written(t, WriteHTML, func() *reports.Report { return reportstest.Mixed(t) })
	for _, page := range [][]byte{library, text, reportstest.Written(t, WriteHTML, func() *reports.Report { return reports.NewReport("test") })} {
		for _, bad := range []string{"http://", "https://", "<img", "<link rel=\"stylesheet\"", "src=\"", "@import", "ZgotmplZ", "<no value>"} {
			rest := bytes.ReplaceAll(page, []byte(`xmlns="http://www.w3.org/2000/svg"`), nil)
			rest = bytes.ReplaceAll(rest, []byte("&lt;img"), nil)
			if i := bytes.Index(rest, []byte(bad)); i >= 0 {
				t.Errorf("%q: ...%s...", bad, rest[max(0, i-60):min(len(rest), i+60)])
			}
		}
	}
}

// browser opens a page in headless Chromium and collects what its console says and what it asks the
// network for.
func browser(t *testing.T, r *reports.Report) (context.Context, func() []string) {
	t.Helper()
	chromium := reportstest.Program(t, "chromium", "chromium")
	file := filepath.Join(t.TempDir(), "index.html")
	var page bytes.Buffer
	if err := WriteHTML(&page, r); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, page.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("no-pings", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1280, 900), chromedp.WSURLReadTimeout(time.Minute))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	var mu sync.Mutex
	var complaints []string
	listen := func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			complaints = append(complaints, fmt.Sprintf("console %s: %v", e.Type, e.Args))
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, "exception: "+e.ExceptionDetails.Text)
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "file" && u.Scheme != "data" {
				complaints = append(complaints, "request: "+e.Request.URL)
			}
		}
	}
	do(t, ctx)
	if err := chromedp.Listen(ctx, listen); err != nil {
		t.Fatal(err)
	}
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate("file://"+file))
	return ctx, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return complaints
	}
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func evaluate[T any](t *testing.T, ctx context.Context, js string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js))
	if err != nil {
		t.Fatalf("%s: %v", js, err)
	}
	return v
}

// key presses a key while an element has the focus.
func key(t *testing.T, ctx context.Context, element, key string) {
	t.Helper()
	do(t, ctx, chromedp.Focus(chromedp.CSS(element)), chromedp.KeyEvent(key))
}

// A reader clicks and keys through a counterexample, and the page shows the state that the machine
// had.
func TestPageStepsThrough(t *testing.T) {
	r := reportstest.Mixed(t)
	ctx, complaints := browser(t, r)
	c := r.Results[0].Counterexample
	const run = `document.querySelector("section.run")`
	now := func() string { return evaluate[string](t, ctx, run+`.querySelector(".now").textContent`) }
	state := func() string {
		return evaluate[string](t, ctx, `Array.from(`+run+`.querySelectorAll(".state tr")).map(r => r.innerText.replace(/\s+/g, "=")).join(" ")`)
	}
	click := func(name string) {
		t.Helper()
		do(t, ctx, chromedp.Click(chromedp.CSS(`section.run [data-go=`+name+`]`)))
	}
	if got := now(); !strings.HasPrefix(got, "Step 18 of 18: T3 query(vm1): lock driver.lock") {
		t.Errorf("at first: %s", got)
	}
	click("first")
	if got := now(); got != "Before the first of 18 steps" {
		t.Error(got)
	}
	values := map[string]string{}
	var order []string
	for _, v := range c.Start {
		values[v.Name] = v.Value
		order = append(order, v.Name)
	}
	for i := range c.Steps {
		if i%2 == 0 {
			click("next")
		} else {
			key(t, ctx, "section.run .stepper", kb.ArrowRight)
		}
		for name, change := range c.Steps[i].Changes {
			if values[name] != change.Before {
				t.Errorf("step %d: %s is %s before, not %s", i+1, name, values[name], change.Before)
			}
			values[name] = change.After
		}
		var want []string
		for _, name := range order {
			want = append(want, name+"="+values[name])
		}
		if got := state(); got != strings.Join(want, " ") {
			t.Errorf("step %d: state %s, want %s", i+1, got, strings.Join(want, " "))
		}
		if got := now(); !strings.HasPrefix(got, fmt.Sprintf("Step %d of 18: T%d ", i+1, c.Steps[i].Thread)) {
			t.Errorf("step %d: %s", i+1, got)
		}
		source := evaluate[[]string](t, ctx, `Array.from(`+run+`.querySelectorAll(".source .at")).map(l => l.textContent)`)
		var lines []int // of the calls, down to the culprit
		for _, call := range c.Steps[i].Calls {
			lines = append(lines, call.Line)
			if call == reports.Culprit(c.Steps[i].Calls) {
				break
			}
		}
		if !slices.EqualFunc(source, lines, func(s string, line int) bool { return strings.HasPrefix(s, fmt.Sprint(line)) }) {
			t.Errorf("step %d: source %q, want lines %d", i+1, source, lines)
		}
		if got := evaluate[string](t, ctx, run+`.querySelector(".swim .row.on").dataset.step`); got != fmt.Sprint(i+1) {
			t.Errorf("step %d: row %s is marked", i+1, got)
		}
	}
	blocked := evaluate[[]string](t, ctx, `Array.from(`+run+`.querySelectorAll(".threads .blocked")).map(c => c.textContent)`)
	if got := strings.Join(blocked, "; "); got != "driver.lock (T3); vm1.mon.lock (T1); vm1.lock (T2)" {
		t.Errorf("at the end wait: %s", got)
	}
	if n := evaluate[int](t, ctx, run+`.querySelectorAll(".swim .waits.cycle").length`); n != 3 {
		t.Errorf("%d arrows in the closing cycle", n)
	}
	key(t, ctx, "section.run .stepper", kb.ArrowLeft)
	if got := now(); !strings.HasPrefix(got, "Step 17 ") {
		t.Errorf("arrow left: %s", got)
	}
	if got := evaluate[string](t, ctx, run+`.querySelector(".replay code").textContent`); got != "lockproof check "+r.Results[0].Ref+" --replay '"+c.Replay+"'" {
		t.Error(got)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("section.run .copy")))
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](`document.querySelector(".copy").textContent !== "Copy"`)); err != nil {
		t.Error(err)
	}
	if got := complaints(); len(got) > 0 {
		t.Errorf("the browser complains: %v", got)
	}
}

// The filter shows what matches, and what can be used with a pointer can be used with the keyboard
// and has a name.
func TestPageFilterAndAccess(t *testing.T) {
	ctx, complaints := browser(t, reportstest.Mixed(t))
	visible := func() int {
		return evaluate[int](t, ctx, `Array.from(document.querySelectorAll("details.scenario")).filter(s => s.offsetParent).length`)
	}
	if n := visible(); n != 6 {
		t.Errorf("%d scenarios", n)
	}
	for _, tc := range []struct {
		outcome reports.Outcome
		want    int
	}{{reports.Unexpected, 4}, {reports.Known, 1}, {reports.Undecided, 1}, {reports.Expected, 0}, {"", 6}} {
		evaluate[chromedp.Void](t, ctx, fmt.Sprintf(`document.querySelector('button[data-outcome=%q]').click()`, tc.outcome))
		if n := visible(); n != tc.want {
			t.Errorf("%q: %d scenarios, want %d", tc.outcome, n, tc.want)
		}
	}
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#filter"), "removal use-after"))
	if n := visible(); n != 1 {
		t.Errorf("filter: %d scenarios", n)
	}
	evaluate[chromedp.Void](t, ctx, `document.querySelector("#filter").value = ""; document.querySelector("#filter").dispatchEvent(new Event("input")); document.querySelector("#open-all").click()`)
	if n := evaluate[int](t, ctx, `document.querySelectorAll("details.scenario[open]").length`); n != 6 {
		t.Errorf("%d scenarios are open", n)
	}
	problems := evaluate[[]string](t, ctx, accessibility)
	if len(problems) > 0 {
		t.Errorf("%s", strings.Join(problems, "\n"))
	}
	for _, scheme := range []string{"light", "dark"} {
		media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
			t.Fatal(err)
		}
		screenshot(t, ctx, scheme)
		if low := evaluate[[]string](t, ctx, contrast); len(low) > 0 {
			t.Errorf("%s: too little contrast:\n%s", scheme, strings.Join(low, "\n"))
		}
	}
	do(t, ctx, chromedp.EmulateViewport(360, 800))
	screenshot(t, ctx, "narrow")
	if wide := evaluate[int](t, ctx, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("at 360 pixels the page is %d wide", wide)
	}
	if got := complaints(); len(got) > 0 {
		t.Errorf("the browser complains: %v", got)
	}
}

var screenshots = flag.String("screenshots", "", "directory for pictures of the page, for people to look at")

func screenshot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if *screenshots == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(*screenshots, name+".png"), png, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// accessibility lists what the commonest rules of axe would find: no language, ids twice, controls
// and regions without a name, headings out of order, tables without headers.
const accessibility = `(() => {
  const bad = [];
  const name = e => (e.getAttribute("aria-label") || e.textContent || "").trim() || (e.id && document.querySelector('label[for="' + e.id + '"]') ? "label" : "");
  if (!document.documentElement.lang) bad.push("no language");
  if (!document.title) bad.push("no title");
  const ids = new Set();
  document.querySelectorAll("[id]").forEach(e => { if (ids.has(e.id)) bad.push("id twice: " + e.id); ids.add(e.id); });
  document.querySelectorAll("button, input, summary, a, [role=region], [role=group], [role=img], [role=search] input").forEach(e => {
    if (!name(e)) bad.push("no name: " + e.outerHTML.slice(0, 80));
  });
  document.querySelectorAll(".scroll, .source").forEach(e => { if (e.tabIndex < 0) bad.push("not reachable by keyboard: " + e.className); });
  let level = 0;
  document.querySelectorAll("h1, h2, h3, h4").forEach(h => {
    const n = Number(h.tagName[1]);
    if (n > level + 1) bad.push("heading skips a level: " + h.textContent);
    level = n;
  });
  document.querySelectorAll("table").forEach(t => { if (!t.querySelector("th[scope]")) bad.push("table without headers"); });
  document.querySelectorAll("[tabindex]").forEach(e => { if (e.tabIndex > 0) bad.push("tabindex above 0"); });
  if (document.querySelectorAll("main").length !== 1) bad.push("not one main");
  return bad;
})()`

// contrast lists HTML texts whose contrast with what is behind them is below 4.5.
const contrast = `(() => {
  const rgb = s => (s.match(/[\d.]+/g) || []).map(Number);
  const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  const bad = new Set();
  document.querySelectorAll("body *").forEach(e => {
    if (e.closest("svg") || e.closest("[aria-disabled=true]") || !e.offsetParent || !Array.from(e.childNodes).some(n => n.nodeType === 3 && n.textContent.trim())) return;
    const a = light(rgb(getComputedStyle(e).color).slice(0, 3)), b = light(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.add(e.tagName + "." + e.className + " " + ratio.toFixed(2) + ": " + e.textContent.slice(0, 30));
  });
  return Array.from(bad);
})()`

// A reader walks with keys, is told when nothing matches, and can send a link to a step.
func TestPageWalks(t *testing.T) {
	ctx, complaints := browser(t, reportstest.Mixed(t))
	const run = `document.querySelector("section.run")`
	now := func() string { return evaluate[string](t, ctx, run+`.querySelector(".now").textContent`) }
	press := func(k string) { do(t, ctx, chromedp.KeyEvent(k)) }
	evaluate[bool](t, ctx, `document.body.focus(), true`)
	for _, k := range []string{"k", "k", "j"} {
		press(k)
	}
	if got := now(); !strings.HasPrefix(got, "Step 17 of 18: ") {
		t.Errorf("after k k j: %s", got)
	}
	if got := evaluate[string](t, ctx, `location.hash`); !strings.HasSuffix(got, "@0.17") {
		t.Errorf("the address ends with %q", got)
	}
	press("/")
	do(t, ctx, chromedp.KeyEvent("no such thing"))
	if !evaluate[bool](t, ctx, `document.activeElement.id === "filter" && !document.getElementById("nothing").hidden`) {
		t.Error("a filter that matches nothing does not say so")
	}
	evaluate[bool](t, ctx, `document.getElementById("clear").click(), true`)
	if !evaluate[bool](t, ctx, `document.getElementById("nothing").hidden && document.getElementById("filter").value === ""`) {
		t.Error("the filter is not cleared")
	}
	evaluate[bool](t, ctx, `location.hash = location.hash.replace("@0.17", "@0.3"), true`)
	do(t, ctx, chromedp.Sleep(100*time.Millisecond))
	if got := now(); !strings.HasPrefix(got, "Step 3 of 18: ") {
		t.Errorf("a link to step 3 leads to: %s", got)
	}
	evaluate[bool](t, ctx, run+`.querySelector(".source .jump") ? (`+run+`.querySelector(".source .at .jump").click(), true) : false`)
	if got := now(); !strings.HasPrefix(got, "Step ") {
		t.Errorf("a click on a line leads to: %s", got)
	}
	if got := complaints(); len(got) > 0 {
		t.Errorf("the browser complains: %v", got)
	}
}

// On paper stands what is not as expected, and no text of a drawing is cut off.
func TestPagePrinted(t *testing.T) {
	r := reportstest.Mixed(t)
	for i := range r.Results { // as long a failing step as C may have
		if c := r.Results[i].Counterexample; c != nil && len(c.Steps) > 0 {
			s := &c.Steps[len(c.Steps)-1]
			s.Failed, s.Action = "it fails", "pthread_mutex_lock(&vm->privateData)"
		}
	}
	r.Results = append(r.Results, reportstest.ReportOn(t, search.Options{}, "call-patterns:one-query").Results...)
	ctx, complaints := browser(t, r)
	evaluate[bool](t, ctx, `window.dispatchEvent(new Event("beforeprint")), true`)
	if open := evaluate[[]string](t, ctx, `Array.from(document.querySelectorAll("details.scenario[open]")).map(d => d.dataset.outcome)`); slices.Contains(open, "expected") || len(open) == 0 {
		t.Errorf("printed: %q", open)
	}
	if cut := evaluate[[]string](t, ctx, cutTexts); len(cut) > 0 {
		t.Errorf("wider than the drawing:\n%s", strings.Join(cut, "\n"))
	}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	if got := evaluate[[]string](t, ctx, `Array.from(document.querySelectorAll("details.scenario")).filter(d => d.offsetParent).map(d => d.dataset.outcome)`); slices.Contains(got, "expected") || len(got) == 0 {
		t.Errorf("on paper: %q", got)
	}
	if cs := complaints(); len(cs) > 0 {
		t.Errorf("%q", cs)
	}
}

// cutTexts lists what is written in the lanes beyond their edge.
const cutTexts = `Array.from(document.querySelectorAll("svg.swim text")).filter(x => {
  const edge = x.closest("svg").getBoundingClientRect().right;
  return x.getBoundingClientRect().right > edge + 1;
}).map(x => x.textContent)`
