package scenarios

import (
	"context"

	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/slice"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A Suite is one YAML file: a protocol, the C of the thread bodies, and the scenarios that ask
// something of them. It is not changed after loading; its methods may be called from several
// goroutines.
type Suite struct {
	Name     string
	Title    string
	File     string // as positions print it
	Text     string // of the YAML file
	Protocol string // as written: a shipped name or a path; "" when the sources are all there is
	Order    []string
	Races    Races // as written; "" when nothing is
	Leaks    Leaks // as written; "" when nothing is
	// CoverRequired says that something of the C that no scenario reaches is a finding: `cover:
	// required`.
	CoverRequired bool
	Sources       []syntax.Source // the protocol first, then the sources in the order of the suite, inline C last
	Scenarios     []*Scenario
	Pos           model.Pos // of the name

	library  bool
	bare     bool     // a C file or a tree, without YAML
	real     *Real    // where functions of threads come from that the C does not define; nil: nowhere
	flags    []string // of the command line, besides the suite
	orderPos []model.Pos
	files    tree                // where an #include is looked up
	origin   map[string]location // source name -> where it was read
	parsed   held[parsedC]
	unit     held[lower.Unit]
	edited   *syntax.Source // what is read instead of the file of its name; nil: nothing
	shelf    *shelf
}

// parsedC is the C of a suite: the protocol, then the sources.
type parsedC struct {
	files []*syntax.File
	slice *slice.Slice // nil where there is no real source
	bytes int64
}

// A Scenario is a closed program with an expected verdict.
type Scenario struct {
	Suite          *Suite
	Name           string
	Why            string
	Threads        []Thread
	Faults         []Fault        // of every thread
	IgnoreRequires bool           // `rules: ignore`: preconditions are not checked
	Races          Races          // as written; "" when nothing is
	Leaks          Leaks          // as written, or as the command line says; "" when nothing is
	Fairness       model.Fairness // "": nobody asks for liveness
	Liveness       model.Liveness // with a fairness: what is asked
	Expect         Expectation
	Asked          bool      // a command line asks, and nobody expects anything: ok passes
	Pos            model.Pos // of the name

	faults  faultSet // of every thread
	flags   []string // of the command line, where they are other than the suite's
	program held[model.Program]
}

// A Thread is an entry of `threads`, which may stand for several equal threads.
type Thread struct {
	Call   string // docexit(vm1)
	Count  int    // how many of them, at least 1
	Loop   bool   // never finishes
	Faults []Fault
	Pos    model.Pos

	function    string
	functionPos model.Pos
	args        []lower.Arg
	faults      faultSet // those of the scenario too
}

// Shipped reports whether the suite is one of the library's.
func (s *Suite) Shipped() bool { return s.library }

// Ref is how a command line names the scenario: with the suite's name when it is in the library,
// else with its file. A C file has one
// scenario, and so has a tree, which only flags name: it is "".
func (sc *Scenario) Ref() string {
	switch {
	case sc.Suite.bare && sc.Suite.real != nil:
		return "" // the flags say it all
	case sc.Suite.bare:
		return sc.Suite.File
	}
	if sc.Suite.library {
		return sc.Suite.Name + ":" + sc.Name
	}
	return sc.Suite.File + ":" + sc.Name
}

// Args are the words with which a command line asks about the scenario.
func (sc *Scenario) Args() []string {
	if ref := sc.Ref(); ref != "" {
		return append([]string{ref}, sc.Suite.flags...)
	}
	if sc.flags != nil {
		return sc.flags
	}
	return sc.Suite.flags
}

// String is suite:scenario.
func (sc *Scenario) String() string { return sc.Suite.Name + ":" + sc.Name }

// Program runs the C front end and closes the scenario. The result is shared by all who ask while
// somebody has it, and made again afterwards: who asks for many programs in turn needs the memory
// of one. The error is of type [syntax.Diagnostics], or one of which [meter.Stopped] says that a
// limit of ctx was hit; errors of the C itself are the same for every scenario of a suite.
func (sc *Scenario) Program(ctx context.Context) (*model.Program, error) { return sc.atMost(ctx, 0) }

// atMost is Program with a bound on the work, 0 for none.
func (sc *Scenario) atMost(ctx context.Context, work int64) (*model.Program, error) {
	return sc.program.get(ctx, func() (*model.Program, error) { return sc.lower(ctx, work) })
}

// Files are the C files of `sources`, without the protocol and without inline C.
func (s *Suite) Files() []syntax.Source {
	var files []syntax.Source
	for i, src := range s.Sources {
		if src.Name != s.File && (i > 0 || s.Protocol == "") {
			files = append(files, src)
		}
	}
	return files
}
