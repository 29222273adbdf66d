package scenarios

import (
	"maps"
	"path"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
)

// HelperFiles are the C files with the helpers of the suite: its protocol and what that includes
// or, in a suite without one, all of its C. Inline C stands at the lines that it has in the suite.
func (s *Suite) HelperFiles() []syntax.Source {
	own := s.Sources
	if s.Protocol != "" {
		own = s.Sources[:1]
	}
	var from []location
	var files []syntax.Source
	for _, src := range own {
		at := s.origin[src.Name]
		files = append(files, src)
		from = append(from, includesOf(at, src.Text)...)
	}
	return withIncludes(from, files)
}

// HelperName is how a reader calls the C of [Suite.HelperFiles]: the protocol as the suite names
// it, or the suite.
func (s *Suite) HelperName() string {
	switch {
	case s.Protocol == "":
		return s.Name
	case path.Ext(s.Protocol) == ".c":
		return s.Sources[0].Name
	}
	return s.Protocol
}

// Edited is the suite with another text in the place of one of its C files, included ones too. The
// file keeps its name. Nothing is kept of one when nobody has it any more.
func (s *Suite) Edited(file string, text []byte) *Suite {
	e := &Suite{
		Name: s.Name, Title: s.Title, File: s.File, Text: s.Text,
		Protocol: s.Protocol, Order: s.Order, Races: s.Races, Leaks: s.Leaks,
		CoverRequired: s.CoverRequired, Pos: s.Pos,
		library: s.library, bare: s.bare, flags: s.flags, orderPos: s.orderPos,
		real: s.real, files: s.files, origin: s.origin, shelf: &shelf{},
		edited: &syntax.Source{Name: file, Text: text},
	}
	for _, src := range s.Sources {
		e.Sources = append(e.Sources, e.instead(src))
	}
	for _, sc := range s.Scenarios {
		e.Scenarios = append(e.Scenarios, sc.of(e))
	}
	return e
}

// instead is a file as the suite reads it.
func (s *Suite) instead(src syntax.Source) syntax.Source {
	if s.edited != nil && s.edited.Name == src.Name {
		return *s.edited
	}
	return src
}

// of is the scenario in a suite that asks the same of other C.
func (sc *Scenario) of(s *Suite) *Scenario {
	return &Scenario{
		Suite: s, Name: sc.Name, Why: sc.Why, Threads: sc.Threads,
		Faults: sc.Faults, IgnoreRequires: sc.IgnoreRequires, Races: sc.Races,
		Leaks: sc.Leaks, Fairness: sc.Fairness, Liveness: sc.Liveness,
		Expect: sc.Expect, Asked: sc.Asked, Pos: sc.Pos, faults: sc.faults,
	}
}

// WithFaults is the scenario with more that may go wrong, for every thread. The suite does not have
// it.
func (sc *Scenario) WithFaults(faults ...Fault) *Scenario {
	x := sc.of(sc.Suite)
	more := faultSet{}
	for _, f := range faults {
		more[f] = sc.Pos
	}
	x.Faults, x.Threads = slices.Clone(sc.Faults), slices.Clone(sc.Threads)
	for _, f := range faults {
		if !slices.Contains(x.Faults, f) {
			x.Faults = append(x.Faults, f)
		}
	}
	x.faults = maps.Clone(sc.faults)
	if x.faults == nil {
		x.faults = faultSet{}
	}
	x.faults.add(more)
	for i := range x.Threads {
		x.Threads[i].faults = maps.Clone(x.Threads[i].faults)
		x.Threads[i].faults.add(more)
	}
	return x
}
