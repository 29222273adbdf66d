package answers

import (
	"slices"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
)

// coverage says what of the C a search reached; nil where the program is not made from C.
func coverage(sc *scenarios.Scenario, p *model.Program, r *search.Result) *reports.Coverage {
	if p.Code == nil || r.Paths == nil {
		return nil
	}
	c := covering{
		src: p.Code, passed: p.Code.Passed(r.Paths), offered: p.Offered(),
		numbers: make([]int, len(p.Code.Places)),
	}
	out := &reports.Coverage{
		Functions: []reports.CoveredFunction{}, Missed: []reports.Missed{}, Faults: []reports.FaultPath{},
		Partial: !r.Complete, Required: sc.Suite.CoverRequired, Scenarios: len(sc.Suite.Scenarios),
	}
	c.functions(out)
	for id := 1; id < len(c.src.Places); id++ {
		if x := c.src.Places[id]; c.index[x.Function] > 0 {
			c.place(out, int32(id), &out.Functions[c.index[x.Function]-1])
		}
	}
	for i := range out.Functions {
		slices.Sort(out.Functions[i].Lines)
	}
	return out
}

// covering is a coverage in the making.
type covering struct {
	src             *model.Code
	passed, offered []bool         // by place
	numbers         []int          // by place: which statement or condition of its function, from 1
	index           map[string]int // of functions, from 1
}

// functions lists those that the threads can call, and those that they did call, in their order in
// the source, and numbers their statements and conditions.
func (c *covering) functions(out *reports.Coverage) {
	counts := map[string]int{}
	c.index = map[string]int{}
	for id := 1; id < len(c.src.Places); id++ {
		x := &c.src.Places[id]
		if x.Of == 0 {
			counts[x.Function]++
			c.numbers[id] = counts[x.Function]
		}
		_, calls := slices.BinarySearch(c.src.Functions, x.Function)
		if c.index[x.Function] == 0 && (calls || c.passed[id]) {
			out.Functions = append(out.Functions, reports.CoveredFunction{
				Function: x.Function, File: x.Pos.File,
				Lines: []int{},
			})
			c.index[x.Function] = len(out.Functions)
		}
	}
}

// place counts one place.
func (c *covering) place(out *reports.Coverage, id int32, f *reports.CoveredFunction) {
	x := &c.src.Places[id]
	m := reports.Missed{
		Function: x.Function, File: x.Pos.File, Line: x.Pos.Line, Column: x.Pos.Col, Text: x.Text, Number: c.numbers[id],
	}
	switch x.Kind {
	case model.FaultBranch:
		if c.offered[id] {
			out.Faults = append(out.Faults, reports.FaultPath{
				Function: x.Function, File: x.Pos.File, Line: x.Pos.Line, Text: x.Text, Number: c.numbers[x.Of],
				Reached: c.passed[id],
			})
		}
		return
	case model.Branch:
		m.Number, m.Next, m.Branch = c.numbers[x.Of], c.numbers[x.Next], 1
		for way := id - 1; way > x.Of && c.src.Places[way].Of == x.Of && c.src.Places[way].Kind == model.Branch; way-- {
			m.Branch++
		}
		f.Branches++
		if c.passed[id] {
			f.Taken++
			return
		}
	default:
		f.Statements++
		f.Lines = append(f.Lines, x.Pos.Line)
		if c.passed[id] {
			f.Reached++
			return
		}
	}
	out.Missed = append(out.Missed, m)
}
