package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Coverage is what of the C some search reached, and all that none did: of one scenario, or of a
// suite as a whole. It is about the functions that the threads can call. What is counted are
// statements, conditions among them, and branches, which are the ways on from a condition.
type Coverage struct {
	Functions []CoveredFunction `json:"functions" jsonschema:"those that the threads can call"`
	Missed    []Missed          `json:"missed" jsonschema:"the statements and branches that no run reached"`
	Faults    []FaultPath       `json:"faults" jsonschema:"the ways on from waits that only faults take"`
	Partial   bool              `json:"partial,omitempty" jsonschema:"a limit was hit, or not all scenarios of the suite were run: what is missed here may be reached"`
	Required  bool              `json:"required,omitempty" jsonschema:"the suite demands that nothing is missed"`
	Scenarios int               `json:"scenarios" jsonschema:"how many the suite has"`
}

// A CoveredFunction is a function that some thread can call.
type CoveredFunction struct {
	Function   string `json:"function"`
	File       string `json:"file"`
	Lines      []int  `json:"lines" jsonschema:"that on which each statement or condition begins, ascending"`
	Statements int    `json:"statements"`
	Reached    int    `json:"reached" jsonschema:"how many of the statements"`
	Branches   int    `json:"branches"`
	Taken      int    `json:"taken" jsonschema:"how many of the branches"`
}

// A Missed is a statement, condition or branch that no run reached.
type Missed struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Text     string `json:"text" jsonschema:"the C of a statement or condition; of a branch, when it is taken"`
	Number   int    `json:"number" jsonschema:"which statement or condition of the function, from 1; of a branch, that of its condition"`
	Branch   int    `json:"branch,omitempty" jsonschema:"which branch of the condition, from 1; absent: none"`
	Next     int    `json:"next,omitempty" jsonschema:"the number of the first statement or condition on the branch; absent: there is none"`
}

// A FaultPath is a way on from a wait that only a fault takes.
type FaultPath struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Text     string `json:"text"`
	Number   int    `json:"number" jsonschema:"the statement or condition of the function, from 1"`
	Reached  bool   `json:"reached"`
}

// A SuiteCoverage is the coverage of a suite as a whole: what is missed there is missed in each of
// its scenarios that can call the function.
type SuiteCoverage struct {
	Suite    string   `json:"suite"`
	Coverage Coverage `json:"coverage"`
}

// A Gap is a piece of a function that no run reached.
type Gap struct {
	Function string
	File     string
	Line     int
	EndLine  int
	Text     string // the whole sentence, without the place
}

// Place is where a gap is: job.h:14 or job.h:14-17.
func (g *Gap) Place() string {
	if g.EndLine > g.Line {
		return fmt.Sprintf("%s:%d-%d", g.File, g.Line, g.EndLine)
	}
	return fmt.Sprintf("%s:%d", g.File, g.Line)
}

// String is a gap as a report names it.
func (g *Gap) String() string { return "never reached: " + g.Place() + ", " + g.Text }

// String counts what was reached.
func (c *Coverage) String() string {
	n := c.Counts()
	text := fmt.Sprintf("%s statements and %s branches", n.Statements, n.Branches)
	if n.Faults.Of > 0 {
		text += fmt.Sprintf(", %s faults", n.Faults)
	}
	if c.Partial {
		return "at least " + text
	}
	return text
}

// CoverageCounts are how much there is to reach, and how much was reached.
type CoverageCounts struct{ Statements, Branches, Faults Share }

// A Share is a part of a whole.
type Share struct{ Part, Of int }

// String is "3 of 4".
func (s Share) String() string { return fmt.Sprintf("%d of %d", s.Part, s.Of) }

// Counts adds up the functions.
func (c *Coverage) Counts() CoverageCounts {
	var n CoverageCounts
	for i := range c.Functions {
		f := &c.Functions[i]
		n.Statements.Of, n.Statements.Part = n.Statements.Of+f.Statements, n.Statements.Part+f.Reached
		n.Branches.Of, n.Branches.Part = n.Branches.Of+f.Branches, n.Branches.Part+f.Taken
	}
	n.Faults.Of = len(c.Faults)
	for i := range c.Faults {
		if c.Faults[i].Reached {
			n.Faults.Part++
		}
	}
	return n
}

// functionKey tells apart functions of one suite.
type functionKey struct{ file, function string }

// Gaps puts together what was missed: statements that follow one another are one gap, and a branch
// that leads into one is named with it. They come in the order of the functions.
func (c *Coverage) Gaps() []Gap {
	missed := map[functionKey][]Missed{}
	for _, m := range c.Missed {
		k := functionKey{m.File, m.Function}
		missed[k] = append(missed[k], m)
	}
	var gaps []Gap
	for i := range c.Functions {
		f := &c.Functions[i]
		k := functionKey{f.File, f.Function}
		if f.Reached == 0 && len(f.Lines) > 0 {
			gaps = append(gaps, Gap{f.Function, f.File, f.Lines[0], f.Lines[len(f.Lines)-1], "all of " + f.Function})
			continue
		}
		all := gapsOf(missed[k])
		for j := range c.Faults {
			x := &c.Faults[j]
			reached := !slices.ContainsFunc(missed[k], func(m Missed) bool { return m.Branch == 0 && m.Number == x.Number })
			if !x.Reached && reached && (functionKey{x.File, x.Function}) == k {
				all = append(all, Gap{x.Function, x.File, x.Line, x.Line, x.Function + " where " + x.Text})
			}
		}
		slices.SortStableFunc(all, func(a, b Gap) int { return cmp.Compare(a.Line, b.Line) })
		gaps = append(gaps, all...)
	}
	return gaps
}

// gapsOf puts together what was missed of one function.
func gapsOf(missed []Missed) []Gap {
	unreached := map[int]bool{}
	var statements []Missed
	for _, m := range missed {
		if m.Branch == 0 {
			unreached[m.Number] = true
			statements = append(statements, m)
		}
	}
	slices.SortFunc(statements, func(a, b Missed) int { return cmp.Compare(a.Number, b.Number) })
	var gaps []Gap
	when := map[int]string{} // by the statement that it leads to
	for _, m := range missed {
		switch {
		case m.Branch == 0 || unreached[m.Number]:
		case m.Next > 0 && unreached[m.Next]:
			when[m.Next] = m.Text
		default:
			gaps = append(gaps, Gap{m.Function, m.File, m.Line, m.Line, m.Function + " where " + m.Text})
		}
	}
	for len(statements) > 0 {
		n := 1
		for n < len(statements) && statements[n].Number == statements[n-1].Number+1 && when[statements[n].Number] == "" {
			n++
		}
		gaps = append(gaps, gapOf(statements[:n], when[statements[0].Number]))
		statements = statements[n:]
	}
	return gaps
}

// gapOf is the gap of statements that follow one another.
func gapOf(ms []Missed, when string) Gap {
	first, last := &ms[0], &ms[len(ms)-1]
	g := Gap{first.Function, first.File, first.Line, first.Line, first.Function}
	for i := range ms {
		if ms[i].File == g.File {
			g.Line, g.EndLine = min(g.Line, ms[i].Line), max(g.EndLine, ms[i].Line)
		}
	}
	failing := strings.HasPrefix(last.Text, "return -") || last.Text == "return NULL"
	switch {
	case failing:
		g.Text = "the error path of " + g.Text
	case when == "":
		g.Text += ": " + first.Text
	}
	if when != "" {
		g.Text += " where " + when
	}
	return g
}
