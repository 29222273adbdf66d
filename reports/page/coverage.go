package page

import (
	"github.com/lockproof/lockproof/reports"
)

// A coverView is the coverage of a suite.
type coverView struct {
	Summary  string
	Required bool // and not all is reached
	Gaps     []string
	Files    []coverFile
}

// A coverFile is what the report quotes of the functions of a file in which something was missed.
type coverFile struct {
	Name  string
	Lines []coverLine
}

// A coverLine is a line of source with what became of the statements that begin on it.
type coverLine struct {
	Number int
	Text   string
	Class  string // missed, partly, reached, "" for a line without any, gap after which lines are left out
	Sign   string // the same for who sees no colours
}

// signs are those of the classes.
var signs = map[string]string{"missed": "-", "partly": "~", "reached": "+"}

// newCoverView shows the coverage of a suite; nil without one.
func newCoverView(suite string, r *reports.Report) *coverView {
	for i := range r.Coverage {
		if c := &r.Coverage[i].Coverage; r.Coverage[i].Suite == suite {
			v := &coverView{Summary: c.String() + " reached", Gaps: gapTexts(c), Files: coverFiles(c, r.Sources)}
			v.Required = c.Required && !c.Partial && len(v.Gaps) > 0
			return v
		}
	}
	return nil
}

func gapTexts(c *reports.Coverage) []string {
	var texts []string
	for _, g := range c.Gaps() {
		texts = append(texts, g.Place()+", "+g.Text)
	}
	return texts
}

// tally counts the statements that begin on a line.
type tally struct {
	all, missed int
	ways        bool // some way on from there was missed
}

func (t tally) class() string {
	switch {
	case t.all == 0:
		return ""
	case t.missed == t.all:
		return "missed"
	case t.missed > 0 || t.ways:
		return "partly"
	}
	return "reached"
}

// tallies counts, by file and line.
func tallies(c *reports.Coverage) map[string]map[int]tally {
	files := map[string]map[int]tally{}
	at := func(file string, line int, count func(*tally)) {
		if files[file] == nil {
			files[file] = map[int]tally{}
		}
		t := files[file][line]
		count(&t)
		files[file][line] = t
	}
	for i := range c.Functions {
		f := &c.Functions[i]
		for _, line := range f.Lines {
			at(f.File, line, func(t *tally) { t.all++ })
		}
	}
	for _, m := range c.Missed {
		at(m.File, m.Line, func(t *tally) {
			if m.Branch > 0 {
				t.ways = true
			} else {
				t.missed++
			}
		})
	}
	for _, x := range c.Faults {
		if !x.Reached {
			at(x.File, x.Line, func(t *tally) { t.ways = true })
		}
	}
	return files
}

// coverFiles quotes the functions in which something was missed.
func coverFiles(c *reports.Coverage, sources []reports.Source) []coverFile {
	count := tallies(c)
	var files []coverFile
	for _, s := range sources {
		wanted := linesOf(c, s.File)
		f := coverFile{Name: s.File}
		last := 0
		for _, l := range s.Lines {
			if !wanted(l.Number) {
				continue
			}
			if last > 0 && l.Number > last+1 {
				f.Lines = append(f.Lines, coverLine{Class: "gap"})
			}
			last = l.Number
			class := count[s.File][l.Number].class()
			f.Lines = append(f.Lines, coverLine{l.Number, l.Text, class, signs[class]})
		}
		if len(f.Lines) > 0 {
			files = append(files, f)
		}
	}
	return files
}

// linesOf tells the lines of functions in which something was missed, with those around them.
func linesOf(c *reports.Coverage, file string) func(int) bool {
	const around = 2
	missed := map[string]bool{}
	for _, g := range c.Gaps() {
		missed[g.Function] = missed[g.Function] || g.File == file
	}
	var spans [][2]int
	for i := range c.Functions {
		if f := &c.Functions[i]; f.File == file && missed[f.Function] && len(f.Lines) > 0 {
			spans = append(spans, [2]int{f.Lines[0] - around, f.Lines[len(f.Lines)-1] + around})
		}
	}
	return func(line int) bool {
		for _, s := range spans {
			if s[0] <= line && line <= s[1] {
				return true
			}
		}
		return false
	}
}
