package page

import (
	"maps"
	"slices"

	"github.com/lockproof/lockproof/reports"
)

// pageData is what the script of the page needs to show the whole state at each step. Names are
// short, for there are many of them.
type pageData struct {
	Files   []string         `json:"files"`
	Sources []map[int]string `json:"sources"` // by file: lines by number; null where the script needs none
	Runs    []runData        `json:"runs"`

	Timelines []timelineData `json:"timelines,omitempty"`

	index map[string]int // of files
}

type runData struct {
	Threads []string    `json:"threads"`
	Start   [][2]string `json:"start"`
	Steps   []stepData  `json:"steps"`
	End     []endData   `json:"end"`
}

type stepData struct {
	Thread   int         `json:"t"`
	Action   string      `json:"a"`
	Function string      `json:"fn"`
	File     int         `json:"f"` // -1: none
	Line     int         `json:"l"`
	Callers  []placeData `json:"o,omitempty"` // the calls that lead to that line, the thread's own function first
	Changes  [][2]string `json:"c,omitempty"`
	Held     []string    `json:"h,omitempty"`
	Locals   [][2]string `json:"v,omitempty"`
	Waits    []waitData  `json:"w,omitempty"`
	Failed   string      `json:"x,omitempty"`
}

type placeData struct {
	Function string `json:"fn"`
	File     int    `json:"f"`
	Line     int    `json:"l"`
}

type waitData struct {
	Thread int    `json:"t"`
	For    string `json:"r"`
	Holder int    `json:"h"`
}

type endData struct {
	Function string      `json:"fn"`
	File     int         `json:"f"`
	Line     int         `json:"l"`
	Next     string      `json:"n"`
	Callers  []placeData `json:"o,omitempty"`
}

func newPageData(r *reports.Report) *pageData {
	d := &pageData{Files: []string{}, Sources: []map[int]string{}, Runs: []runData{}, index: map[string]int{}}
	for _, s := range r.Sources {
		lines := map[int]string{}
		for _, l := range s.Lines {
			lines[l.Number] = l.Text
		}
		d.index[s.File] = len(d.Files)
		d.Files, d.Sources = append(d.Files, s.File), append(d.Sources, lines)
	}
	return d
}

// file is the index of a file, also of one that is not quoted.
func (d *pageData) file(name string) int {
	if name == "" {
		return -1
	}
	i, ok := d.index[name]
	if !ok {
		i = len(d.Files)
		d.index[name] = i
		d.Files, d.Sources = append(d.Files, name), append(d.Sources, map[int]string{})
	}
	return i
}

// add keeps an interleaving and returns its index.
func (d *pageData) add(x *reports.Result, c *reports.Counterexample) int {
	run := runData{Threads: x.Threads, Start: [][2]string{}, Steps: []stepData{}, End: []endData{}}
	for _, v := range c.Start {
		run.Start = append(run.Start, [2]string{v.Name, v.Value})
	}
	for i := range c.Steps {
		s := &c.Steps[i]
		at := s.Place()
		out := stepData{
			Thread: s.Thread, Action: s.Action, Function: at.Function, File: d.file(at.File), Line: at.Line,
			Callers: d.callers(s.Calls),
			Held:    s.Held, Failed: reports.Failure(s),
		}
		for _, name := range slices.Sorted(maps.Keys(s.Changes)) {
			out.Changes = append(out.Changes, [2]string{name, s.Changes[name].After})
		}
		for _, name := range slices.Sorted(maps.Keys(s.Locals)) {
			out.Locals = append(out.Locals, [2]string{name, s.Locals[name]})
		}
		for _, w := range s.Waits {
			out.Waits = append(out.Waits, waitData(w))
		}
		run.Steps = append(run.Steps, out)
	}
	for i := range c.End {
		e := &c.End[i]
		at := e.Place()
		run.End = append(run.End, endData{at.Function, d.file(at.File), at.Line, e.Next, d.callers(e.Calls)})
	}
	d.Runs = append(d.Runs, run)
	return len(d.Runs) - 1
}

// callers lists the calls of a stack that lead to the one at which a reader looks.
func (d *pageData) callers(calls []reports.Place) []placeData {
	var out []placeData
	for _, c := range calls {
		if c == reports.Culprit(calls) {
			break
		}
		out = append(out, placeData{c.Function, d.file(c.File), c.Line})
	}
	return out
}
