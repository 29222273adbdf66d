package scenarios

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// cFile is a suite of one scenario about a C file.
func (q *Question) cFile(ctx context.Context, name string) (*Scenario, error) {
	l := loader{ctx: ctx, root: q.Root}
	at, src, err := l.readC(name)
	if err != nil {
		return nil, err
	}
	s := &Suite{
		Name: suiteName(name), File: src.Name, Text: string(src.Text), files: at.tree,
		Pos:     model.Pos{File: src.Name, Line: 1},
		Sources: []syntax.Source{src}, origin: map[string]location{src.Name: at}, shelf: &l.shelf,
		flags: q.Args(), bare: true,
	}
	if q.Protocol != "" {
		h, err := q.helpers(ctx)
		if err != nil {
			return nil, err
		}
		s.Protocol, s.Sources, s.origin[h.src.Name] = h.name, []syntax.Source{h.src, src}, h.at
	}
	parsed, err := s.C(ctx)
	var ds syntax.Diagnostics
	switch {
	case errors.As(err, &ds):
		return nil, aboutForeign(src, wantC, ds)
	case err != nil:
		return nil, err
	}
	name, threads := "threads", q.Threads
	if threads == "" {
		if threads, err = threadsOf(parsed[len(parsed)-1], src.Name); err != nil {
			return nil, err
		}
		name = "main"
	}
	return q.only(ctx, s, name, threads)
}

// only gives a suite without YAML its only scenario.
func (q *Question) only(ctx context.Context, s *Suite, name, threads string) (*Scenario, error) {
	sc, err := q.scenario(ctx, s, name, threads)
	if err != nil {
		return nil, err
	}
	s.Scenarios = []*Scenario{sc}
	return sc, nil
}

// scenario is one of a suite without YAML.
func (q *Question) scenario(ctx context.Context, s *Suite, name, threads string) (*Scenario, error) {
	d := &decoder{ctx: ctx}
	sc := &Scenario{
		Suite: s, Name: name, Asked: true, Races: q.Races, Leaks: q.Leaks, Fairness: q.Fairness, Liveness: q.Liveness,
		Expect: Expectation{Verdict: model.OK}, Pos: s.Pos,
	}
	if sc.Fairness != "" && sc.Liveness == "" {
		sc.Liveness = model.Completion
	}
	for _, n := range calls("--threads", threads) {
		if t, ok := d.thread(n); ok {
			sc.Threads = append(sc.Threads, t)
		}
	}
	faults := &node{kind: list}
	for _, f := range q.Faults {
		faults.items = append(faults.items, &node{kind: scalar, scalar: text, text: f, pos: model.Pos{File: "--faults"}})
	}
	sc.Faults, sc.faults = d.faults(faults)
	for i := range sc.Threads {
		sc.Threads[i].faults.add(sc.faults)
	}
	d.bounded(sc)
	if err := d.ds.Err(); err != nil {
		return nil, err
	}
	return sc, nil
}

// readC reads a C file that the command line names.
func (l *loader) readC(name string) (at location, src syntax.Source, err error) {
	if files.IsDescriptor(name) {
		dir, base := path.Split(name)
		at = location{tree{files: files.NewReader(embed.FS{}, nil), prefix: path.Clean(dir)}, base}
		src.Name = name
		src.Text, err = files.ReadGiven(l.ctx, name, maxSourceBytes)
	} else if at, err = l.find(name); err == nil {
		src, err = at.read(l.ctx)
	}
	if err != nil {
		if src.Name == "" {
			src.Name = name
		}
		l.cannotRead(src.Name, err)
		return at, src, l.ds.Err()
	}
	return at, src, foreign(src, wantC).Err()
}

var notInName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// suiteName is what a suite about a C file is called.
func suiteName(file string) string {
	name := strings.TrimLeft(notInName.ReplaceAllString(path.Base(strings.ReplaceAll(file, `\`, "/")), "-"), "._-")
	if name == "" {
		return "c"
	}
	return name
}

// calls cuts what a flag says at the commas that are in no brackets.
func calls(flag, list string) []*node {
	var ns []*node
	depth, start := 0, 0
	add := func(end int) {
		part := list[start:end]
		lead := len(part) - len(strings.TrimLeft(part, " \t\n"))
		ns = append(ns, &node{
			kind: scalar, scalar: text, text: strings.TrimSpace(part),
			pos: model.Pos{File: flag, Line: 1, Col: start + lead + 1},
		})
		start = end + 1
	}
	for i := range len(list) {
		switch list[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth <= 0 {
				add(i)
			}
		}
	}
	add(len(list))
	return ns
}

// creators are the functions that begin a thread.
var creators = []string{
	"pthread_create", "thrd_create", "g_thread_new",
	"virThreadCreate", "virThreadCreateFull", "virThreadCreateNoLog",
}

// threadsOf are the threads of a file about which nobody says them: its main, if that begins
// others. The error says which functions could be threads.
func threadsOf(f *syntax.File, name string) (string, error) {
	var all []*syntax.FuncDef
	used := map[string]bool{}
	for _, d := range f.Decls {
		fn, ok := d.(*syntax.FuncDef)
		if ok {
			all = append(all, fn)
		}
		syntax.Walk(d, func(n syntax.Node) bool {
			if id, is := n.(*syntax.Ident); is && (!ok || id.Name != fn.Name) {
				used[id.Name] = true
			}
			return true
		})
	}
	creates := slices.ContainsFunc(creators, func(c string) bool { return used[c] })
	if i := slices.IndexFunc(all, func(fn *syntax.FuncDef) bool { return fn.Name == "main" }); creates && i >= 0 {
		return mainCall(all[i])
	}
	var could, calls []string
	for _, fn := range all {
		if fn.Name == "main" || fn.Pos().File != name || used[fn.Name] && !isStart(fn.Type) {
			continue
		}
		could = append(could, fn.Name)
		if len(calls) < 2 {
			calls = append(calls, exampleCall(fn))
		}
	}
	example := strings.Join(calls, ", ")
	if len(calls) == 1 {
		example += " x2"
	}
	return "", &NoThreads{File: name, Could: could, Example: example}
}

// NoThreads is an error about a C file of which nobody says which threads run.
type NoThreads struct {
	File    string
	Could   []string // functions that could be threads
	Example string   // calls of some of them
}

// maxCould is how many functions are named that could be threads.
const maxCould = 12

func (e *NoThreads) Error() string {
	if len(e.Could) == 0 {
		return e.File + " has no function that could be a thread, and no main that begins threads"
	}
	could := strings.Join(e.Could[:min(len(e.Could), maxCould)], ", ")
	if len(e.Could) > maxCould {
		could += ", ..."
	}
	return fmt.Sprintf("which threads of %s run? These functions could be threads: %s", e.File, could)
}

// isStart reports whether a function has the type that pthread_create asks for: void *f(void *).
func isStart(t *syntax.Func) bool {
	return len(t.Params) == 1 && isVoidPointer(t.Params[0].Type) && isVoidPointer(t.Result)
}

func isVoidPointer(t syntax.Type) bool {
	p, ok := t.(*syntax.Pointer)
	return ok && syntax.FormatDecl(p.Elem, "") == "void"
}

// exampleCall is a call of a function as a thread.
func exampleCall(fn *syntax.FuncDef) string {
	var args []string
	for _, p := range fn.Type.Params {
		_, pointer := p.Type.(*syntax.Pointer)
		_, named := p.Type.(*syntax.TypeName)
		switch {
		case isVoidPointer(p.Type) && !uses(fn.Body, p.Name):
			args = append(args, "NULL")
		case pointer || named:
			args = append(args, "vm1")
		default:
			args = append(args, "1")
		}
	}
	return fn.Name + "(" + strings.Join(args, ", ") + ")"
}

// uses reports whether a name stands in a body.
func uses(body *syntax.Block, name string) (found bool) {
	syntax.Walk(body, func(n syntax.Node) bool {
		id, ok := n.(*syntax.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}

// mainCall is main as a thread. What it is given on a command line is not known, so it must not
// look at that.
func mainCall(fn *syntax.FuncDef) (string, error) {
	if len(fn.Type.Params) == 0 {
		return "main()", nil
	}
	names := map[string]bool{}
	for _, p := range fn.Type.Params {
		names[p.Name] = true
	}
	var ds syntax.Diagnostics
	syntax.Walk(fn.Body, func(n syntax.Node) bool {
		if id, ok := n.(*syntax.Ident); ok && names[id.Name] {
			ds.Add(id.Pos(), "main uses "+id.Name+", and what it is given is not known", "let main take nothing: int main(void)")
		}
		return true
	})
	if err := ds.Err(); err != nil {
		return "", err
	}
	return exampleMain(fn), nil
}

// exampleMain is main with arguments that it does not look at.
func exampleMain(fn *syntax.FuncDef) string {
	args := []string{"1", "NULL", "NULL"}
	return "main(" + strings.Join(args[:min(len(args), len(fn.Type.Params))], ", ") + ")"
}
