package page

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/reports"
)

// A diagnosisView is a diagnosis as the template sees it.
type diagnosisView struct {
	*reports.Diagnosis
	ID        string
	About     string // the domains
	Tree      []holderView
	Waiters   []claimView // behind nobody who is known
	Why, Seen []claimView
	Broken    []claimView
	Timeline  *timelineView // nil: there is none
}

type holderView struct {
	Claim   claimView
	Waiters []claimView
}

// A claimView is a sentence with the lines that it rests on.
type claimView struct {
	Text, Label string
	Inferred    bool
	Lines       []lineView
}

// A lineView is a line of a log: where it is quoted, and what it is called.
type lineView struct{ ID, Text string }

// A logView is what is quoted of a log.
type logView struct {
	File  string
	Lines []logLine
}

type logLine struct {
	ID     string
	Number int
	Text   string
}

// How many entries of a list the page shows; JSON has all.
const mostEntries = 200

// diagnoses are those of a report, with their findings.
func (d *pageData) diagnoses(r *reports.Report) (out []diagnosisView, logs []logView) {
	findings := r.Findings
	for i, x := range r.Diagnosed() {
		n := min(x.Findings, len(findings))
		out = append(out, d.diagnosis(fmt.Sprintf("diagnosis-%d", i+1), x, findings[:n]))
		findings = findings[n:]
	}
	if len(out) == 0 {
		return nil, nil
	}
	for _, s := range r.Sources {
		v := logView{File: s.File}
		for _, l := range s.Lines {
			v.Lines = append(v.Lines, logLine{d.lineID(s.File, l.Number), l.Number, l.Text})
		}
		logs = append(logs, v)
	}
	return out, logs
}

func (d *pageData) diagnosis(id string, x *reports.Diagnosis, findings []reports.Finding) diagnosisView {
	v := diagnosisView{Diagnosis: x, ID: id}
	for i, name := range x.Domains[:min(len(x.Domains), 8)] {
		v.About += reports.Choose(i > 0, ", ", "") + name
	}
	behind := map[int][]claimView{}
	for i := range x.Waiters[:min(len(x.Waiters), mostEntries)] {
		w := &x.Waiters[i]
		behind[w.Behind] = append(behind[w.Behind], d.claim(w.Sentence(), "", false, w.Lines))
	}
	for i := range x.Holders[:min(len(x.Holders), mostEntries)] {
		h := &x.Holders[i]
		v.Tree = append(v.Tree, holderView{d.claim(h.Sentence(), "", false, h.Lines), behind[i+1]})
	}
	v.Waiters = behind[0]
	for i := range x.Why {
		v.Why = append(v.Why, d.claim(x.Why[i].Text, "", x.Why[i].Inferred, x.Why[i].Lines))
	}
	for i := range x.Notes[:min(len(x.Notes), mostEntries)] {
		v.Seen = append(v.Seen, d.claim(x.Notes[i].Text, "", x.Notes[i].Inferred, x.Notes[i].Lines))
	}
	for i := range findings[:min(len(findings), mostEntries)] {
		f := &findings[i]
		at := []reports.InputAt{{File: f.File, Line: f.Line}}
		for _, p := range f.Path {
			at = append(at, reports.InputAt{File: p.File, Line: p.Line})
		}
		v.Broken = append(v.Broken, d.claim(f.Message, string(f.Rule), false, at))
	}
	v.Timeline = d.timeline(x.Timeline)
	return v
}

// A timelineView is a timeline as the page shows it.
type timelineView struct {
	Index int // of pageData.Timelines
	Note  string
	Calls bool // its bars are calls of clients
}

// timeline enters one into the data of the page; nil stays nil.
func (d *pageData) timeline(x *reports.Timeline) *timelineView {
	if x == nil {
		return nil
	}
	v := &timelineView{Index: len(d.Timelines), Calls: len(x.Bars) > 0 && x.Bars[0].Lane == callLane}
	t := newTimelineData(d, x)
	d.Timelines = append(d.Timelines, t)
	v.Note = fmt.Sprintf("%d bars of %d domains", len(t.Bars), t.domains)
	if t.hidden > 0 {
		v.Note += fmt.Sprintf("; %d further domains are not drawn", t.hidden)
	}
	if x.Left > 0 {
		v.Note += fmt.Sprintf("; %d shorter than %.3g ms were left out", x.Left, float64(x.Least)/1e6)
	}
	return v
}

func (d *pageData) claim(text, label string, inferred bool, at []reports.InputAt) claimView {
	v := claimView{Text: text, Label: label, Inferred: inferred}
	for _, p := range at {
		v.Lines = append(v.Lines, lineView{d.lineID(p.File, p.Line), fmt.Sprint(p.Line)})
	}
	return v
}

// lineID is where a line is quoted on the page; "" where it is not.
func (d *pageData) lineID(file string, line int) string {
	i, ok := d.index[file]
	if !ok {
		return ""
	}
	if _, ok := d.Sources[i][line]; !ok {
		return ""
	}
	return fmt.Sprintf("l%d-%d", i, line)
}

// timelineData is what the script draws. Times are microseconds after the start.
type timelineData struct {
	Start int64      `json:"start"` // milliseconds since 1970, on the clock of the input
	Dated bool       `json:"dated"`
	Rows  []rowData  `json:"rows"`
	Texts []string   `json:"texts"`
	Bars  [][8]int64 `json:"bars"` // row, from, length, text, file, line, line of the end, flags

	domains, hidden int
}

type rowData struct {
	Name string `json:"n"`
	Lane int    `json:"k"`
}

// Flags of a bar.
const (
	openBar = 1 << iota
	gaveUpBar
)

// Bounds of what is drawn: domains, and rows for the waiters or callers of one, who are drawn above
// each other after that.
const (
	mostDrawn    = 40
	mostWaitRows = 8
)

// callLane is the lane of calls of clients, of which a timeline has nothing else.
const callLane = 5

var laneNames = [...]string{"job", "async job", "agent job", "monitor", "waits", "calls"}

func newTimelineData(d *pageData, t *reports.Timeline) timelineData {
	// A bar that comes from no line of a log has line 0.
	out := timelineData{
		Dated: t.Dated, Start: t.Bars[0].From / 1e6, Rows: []rowData{}, Texts: []string{},
		Bars: [][8]int64{},
	}
	domains := drawnDomains(t)
	out.domains = min(len(domains), mostDrawn)
	out.hidden = len(domains) - out.domains
	domains = domains[:out.domains]
	texts := map[string]int64{}
	for _, name := range domains {
		for lane := range laneNames {
			var bars []*reports.Bar
			for i := range t.Bars {
				if b := &t.Bars[i]; b.Domain == name && b.Lane == lane {
					bars = append(bars, b)
				}
			}
			first := len(out.Rows)
			var ends []int64
			for _, b := range bars {
				row := slices.IndexFunc(ends, func(end int64) bool { return end <= b.From })
				if row < 0 && len(ends) < reports.Choose(lane >= 4, mostWaitRows, 1) {
					row = len(ends)
					ends = append(ends, 0)
					out.Rows = append(out.Rows, rowData{reports.Choose(row == 0, name+" "+laneNames[lane], ""), lane})
				}
				if row < 0 {
					row = len(ends) - 1
				}
				ends[row] = max(ends[row], b.To)
				out.Bars = append(out.Bars, [8]int64{
					int64(first + row), (b.From - out.Start*1e6) / 1e3, (b.To - b.From) / 1e3, out.text(texts, b),
					int64(d.file(b.At.File)), int64(b.At.Line), int64(b.End.Line),
					reports.Choose[int64](b.Open, openBar, 0) | reports.Choose[int64](b.GaveUp, gaveUpBar, 0),
				})
			}
		}
	}
	return out
}

// drawnDomains are the domains of a timeline, those first in which somebody gave up, then those in
// which most took place.
func drawnDomains(t *reports.Timeline) []string {
	weight := map[string]int{}
	for i := range t.Bars {
		weight[t.Bars[i].Domain] += reports.Choose(t.Bars[i].GaveUp, 1<<30, 1)
	}
	var names []string
	for name := range weight {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if weight[a] != weight[b] {
			return weight[b] - weight[a]
		}
		return reports.Choose(a < b, -1, 1)
	})
	return names
}

// text is what is said of a bar. Equal texts are kept once.
func (t *timelineData) text(known map[string]int64, b *reports.Bar) int64 {
	s := b.What
	if b.Thread != 0 {
		s += fmt.Sprintf(", thread %d", b.Thread)
	}
	if b.API != "" {
		s += ", " + b.API
	}
	n, ok := known[s]
	if !ok {
		n = int64(len(t.Texts))
		known[s], t.Texts = n, append(t.Texts, s)
	}
	return n
}
