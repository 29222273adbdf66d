package formats

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
	"github.com/owenrumney/go-sarif/v2/sarif"
)

// WriteSARIF writes the problems and warnings of a report as SARIF 2.1.0, for code scanning. The
// interleaving of a problem is a code flow with one thread flow for each thread; executionOrder
// puts their steps in the one order in which they happen. Files are relative to the root of the
// repository, or the directory in which lockproof ran where there is none (%SRCROOT%), those of the
// built-in library to its own source tree.
//
// A counterexample that a scenario expects is no problem and is left out; what the baseline knows
// is there, with the baseline state "unchanged". A search that hit a limit is a notification. There
// are no times, so that equal results are equal bytes. This file is the only one that knows the
// SARIF package.
func WriteSARIF(w io.Writer, r *reports.Report) error {
	log := &sarif.Report{
		Version: "2.1.0",
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
	}
	run := sarif.NewRunWithInformationURI("lockproof", "https://github.com/lockproof/lockproof")
	run.Tool.Driver.WithVersion(r.Tool.Version)
	run.ColumnKind = "utf16CodeUnits"
	run.OriginalUriBaseIDs = map[string]*sarif.ArtifactLocation{
		srcRoot: {
			Description: sarif.NewTextMessage("the root of the repository, or the directory in which lockproof ran where " +
				"there is none"),
		},
	}
	run.Tool.Driver.Rules = []*sarif.ReportingDescriptor{}
	problems := append(r.Problems(), r.Warnings()...)
	used := map[string]int{}
	for _, rule := range model.Explanations() {
		if slices.ContainsFunc(problems, func(p reports.Problem) bool { return ruleOf(p.Identity) == rule.Name }) {
			used[rule.Name] = len(used)
			run.Tool.Driver.AddRule(sarif.NewRule(rule.Name).
				WithShortDescription(sarif.NewMultiformatMessageString(rule.Title)).
				WithHelp(sarif.NewMultiformatMessageString(rule.Help)).
				WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel("error")))
		}
	}
	run.Results = []*sarif.Result{}
	at := places{r.Directory, columnsOf(r)}
	for i := range problems {
		run.AddResult(at.result(&problems[i], used))
	}
	run.AddInvocations(invocation(r))
	log.AddRun(run)
	text, err := json.MarshalIndent(log, "", "  ")
	if err == nil {
		_, err = printable.NewJSON(w).Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("writing SARIF: %w", err)
	}
	return nil
}

const srcRoot = "%SRCROOT%"

// places are where files lie: seen from the root of the repository.
type places struct {
	directory string
	columns   map[string]map[int]string
}

// columnsOf are the quoted lines, in which columns are counted.
func columnsOf(r *reports.Report) map[string]map[int]string {
	files := map[string]map[int]string{}
	for _, s := range r.Sources {
		files[s.File] = map[int]string{}
		for _, l := range s.Lines {
			files[s.File][l.Number] = l.Text
		}
	}
	return files
}

// column is a column in bytes as one in units of UTF-16; 0 when nobody knows the line.
func (at places) column(file string, line, column int) int {
	text, ok := at.columns[file][line]
	if !ok || column < 1 || column > len(text)+1 {
		return 0
	}
	return len(utf16.Encode([]rune(text[:column-1]))) + 1
}

func (at places) result(p *reports.Problem, rules map[string]int) *sarif.Result {
	id := ruleOf(p.Identity)
	res := sarif.NewRuleResult(id).WithRuleIndex(rules[id]).WithMessage(sarif.NewTextMessage(p.Message)).
		WithLevel(p.Severity)
	res.WithPartialFingerPrints(map[string]any{"lockproof/v1": p.Fingerprint()})
	loc := at.location(p.File, p.Line, "")
	if p.Finding != nil {
		at.within(loc, p.File, p.Line, p.Finding.Column)
		if p.Finding.Function != "" {
			loc.AddLogicalLocations(sarif.NewLogicalLocation().WithFullyQualifiedName(p.Finding.Function).WithKind("function"))
		}
		if c := p.Finding.Confidence; c != "" {
			res.Properties = map[string]any{"confidence": c}
		}
	}
	if p.Result != nil {
		name := p.Suite + ":" + p.Scenario
		loc.AddLogicalLocations(sarif.NewLogicalLocation().WithFullyQualifiedName(name).WithKind("scenario"))
	}
	res.AddLocation(loc)
	for _, x := range p.Related {
		res.AddRelatedLocation(at.location(x.File, x.Line, x.Message))
	}
	if p.Result != nil {
		res.Stacks = at.stacks(p.Result)
	}
	if p.Trace != nil && len(p.Trace.Steps) > 0 {
		res.AddCodeFlow(at.codeFlow(p.Result.Threads, p.Trace))
	} else if p.Finding != nil && len(p.Finding.Path) > 0 {
		flow := sarif.NewThreadFlow()
		for i, x := range p.Finding.Path {
			l := at.location(x.File, x.Line, x.Message)
			at.within(l, x.File, x.Line, x.Column)
			step := sarif.NewThreadFlowLocation().WithLocation(l).WithExecutionOrder(i + 1).WithNestingLevel(x.Depth)
			step.WithImportance(reports.Choose(i == len(p.Finding.Path)-1, "essential", "important"))
			flow.AddLocation(step)
		}
		f := sarif.NewCodeFlow()
		f.AddThreadFlow(flow)
		res.AddCodeFlow(f)
	}
	if p.Result != nil && p.Result.Known && p.Severity == "error" || p.Finding != nil && p.Finding.Known {
		res.WithBaselineState("unchanged")
	}
	return res
}

// codeFlow is an interleaving: one thread flow for each thread that moves or is to blame.
func (at places) codeFlow(threads []string, c *reports.Counterexample) *sarif.CodeFlow {
	flow := sarif.NewCodeFlow().WithTextMessage("the shortest interleaving that leads there; replay: " + c.Replay)
	for t, name := range threads {
		tf := sarif.NewThreadFlow().WithID(fmt.Sprintf("T%d", t+1)).WithTextMessage(fmt.Sprintf("T%d %s", t+1, name))
		for i := range c.Steps {
			if s := &c.Steps[i]; s.Thread == t+1 {
				tf.AddLocation(at.flowStep(i, s))
			}
		}
		for _, e := range c.End {
			if e.Thread == t+1 && e.Involved && e.WaitsFor != "" {
				end := e.Place()
				waits := at.location(end.File, end.Line, fmt.Sprintf("T%d waits for %s", e.Thread, e.WaitsFor))
				tf.AddLocation(sarif.NewThreadFlowLocation().WithExecutionOrder(len(c.Steps) + 1).WithImportance("essential").
					WithLocation(waits))
			}
		}
		if len(tf.Locations) > 0 {
			flow.AddThreadFlow(tf)
		}
	}
	return flow
}

func (at places) flowStep(i int, s *reports.Step) *sarif.ThreadFlowLocation {
	text := s.Action
	importance := "important"
	if s.Failed != "" {
		text, importance = text+": "+reports.Failure(s), "essential"
	}
	state := map[string]*sarif.MultiformatMessageString{}
	for name, c := range s.Changes {
		state[name] = sarif.NewMultiformatMessageString(c.After)
	}
	here := s.Place()
	out := sarif.NewThreadFlowLocation().WithExecutionOrder(i + 1).WithImportance(importance).
		WithNestingLevel(max(0, len(s.Calls)-1)).
		WithLocation(at.location(here.File, here.Line, text))
	if len(state) > 0 {
		out.WithState(state)
	}
	return out
}

// stacks lists the call stacks of what is wrong, innermost call first as SARIF has them.
func (at places) stacks(r *reports.Result) []*sarif.Stack {
	var out []*sarif.Stack
	for _, b := range r.BlamedStacks() {
		stack := sarif.NewStack()
		if b.Message != "" {
			stack.WithMessage(sarif.NewTextMessage(b.Message))
		}
		for _, c := range slices.Backward(b.Calls) {
			frame := at.location(c.File, c.Line, "")
			frame.AddLogicalLocations(sarif.NewLogicalLocation().WithFullyQualifiedName(c.Function).WithKind("function"))
			stack.AddFrame(sarif.NewStackFrame().WithLocation(frame))
		}
		out = append(out, stack)
	}
	return out
}

// location is a place in a file; without a file it is only a message.
func (at places) location(file string, line int, message string) *sarif.Location {
	l := sarif.NewLocation()
	if file != "" {
		p := sarif.NewPhysicalLocation().WithArtifactLocation(at.artifact(file))
		if line > 0 {
			p.WithRegion(sarif.NewRegion().WithStartLine(line))
		}
		l.WithPhysicalLocation(p)
	}
	if message != "" {
		l.WithMessage(sarif.NewTextMessage(message))
	}
	return l
}

// within adds the column to a location whose line is quoted.
func (at places) within(l *sarif.Location, file string, line, column int) {
	if n := at.column(file, line, column); n > 0 && l.PhysicalLocation != nil && l.PhysicalLocation.Region != nil {
		l.PhysicalLocation.Region.WithStartColumn(n)
	}
}

// artifact is a file as a URI: relative names stay relative, to the root of the repository.
func (at places) artifact(file string) *sarif.ArtifactLocation {
	u := url.URL{Path: filepath.ToSlash(file)}
	if at.directory != "" && !strings.HasPrefix(u.Path, "/") {
		u.Path = path.Join(at.directory, u.Path)
	}
	if strings.HasPrefix(u.Path, "/") {
		u.Scheme = "file"
		return sarif.NewSimpleArtifactLocation(u.String())
	}
	return sarif.NewSimpleArtifactLocation(u.String()).WithUriBaseId(srcRoot)
}

// invocation says whether the run came to an end, and which searches did not.
func invocation(r *reports.Report) *sarif.Invocation {
	inv := sarif.NewInvocation().WithExecutionSuccess(true)
	for i := range r.Results {
		if x := &r.Results[i]; x.Verdict == model.Unknown {
			inv.WithExecutionSuccess(false)
			inv.AddTToolExecutionNotification(sarif.NewNotification().WithLevel("warning").
				WithTextMessage(x.Suite + ":" + x.Scenario + ": " + x.Message))
		}
	}
	return inv
}

// ruleOf is the id of the rule of a problem: its kind, or its verdict.
func ruleOf(id reports.Identity) string {
	if id.Kind != "" {
		return string(id.Kind)
	}
	return string(id.Verdict)
}
