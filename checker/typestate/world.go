package typestate

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// A world is everything that one check knows.
type world struct {
	opt          Options
	tree         *tree.Tree
	types        *types
	contract     map[string]*function
	byDef        map[*tree.Function]*function // relevant ones
	mentions     []*mention                   // all functions of the tree
	index        map[*tree.Function]*mention
	jobs         map[string]bool        // folders in which jobs are begun
	wanted       map[*mention]bool      // that are looked at
	specials     map[string]*summary    // of contract functions, for the numbers that they are given
	writes       map[paramOf]bool       // parameters through which functions write
	found        map[*tree.Function]int // parameters by way of which functions find what they return
	begins       map[string]bool        // functions of the contract that begin a job
	kept         map[string]bool        // fields of a contract that are followed; nil: all
	keeps        bool                   // what was told of functions
	edges        map[[2]string]edge     // by the class that is held and the one that is taken
	demands      map[demand]*tally
	callbacks    []callback
	taken        map[handover]bool // jobs that some function ends for an earlier call
	pointers     *callGraph
	inChild      map[inChild]bool // what the contract says is called in child processes
	children     []childCall
	flags        map[string]bool      // fields that some function sets and takes back
	recursive    map[string]bool      // fields with a mutex that some function makes a recursive one
	pair         *pairing             // with another tree, of which most is the same; nil when there is none
	heldBack     map[heldBack]*holder // what is held while something is called by a pointer
	blames       []Finding            // of functions about their callees
	uses         map[lockOfCallee]use
	unreferenced map[begun]bool          // jobs that are begun without a reference of their object
	clearers     map[*tree.Function]bool // that clear jobs
	drops        map[[2]string]bool      // by two types: the end of the first drops a reference of the other
	mu           sync.Mutex
	result       *Result
}

func (o *Options) maxStates() int {
	if o.MaxStates > 0 {
		return o.MaxStates
	}
	return 64
}

func (o *Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

func (o *Options) maxWork(f *function) int {
	if o.MaxWork > 0 && !f.contract {
		return o.MaxWork
	}
	return 20000
}

func (w *world) gap(g Gap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.addGap(g)
}

func (w *world) addGap(g Gap) {
	w.result.Counts[g.Reason]++
	if len(w.result.Gaps) < MaxGaps {
		w.result.Gaps = append(w.result.Gaps, g)
	}
}

// lookup is the function that a name means: the contract's, or one of the tree that matters.
func (w *world) lookup(from *function, name string) *function {
	if f := w.contract[name]; f != nil {
		return f
	}
	if v := vocabulary.Lookup(name); v != nil && (from.contract || !slices.Contains(protocolOnly, v.Effect)) {
		return nil
	}
	if from.contract {
		return nil
	}
	return w.byDef[w.tree.Find(from.File, name)]
}

// tracked is the type of an object of which the contract knows something, "" for others.
func (w *world) tracked(ps *places, p place) string {
	typ := ps.list[p].typ
	if w.types.counted(typ) {
		return typ
	}
	return ""
}

// counted reports whether objects of a type have a part in the protocol: a lock, a job, a count.
func (ts *types) counted(typ string) bool { return ts.protocol[typ] }

// load reads the contract and computes its summaries.
func (w *world) load(c *Contract) {
	if c != nil {
		for _, f := range c.files {
			w.types.add(f, true)
			w.forks(f)
		}
	}
	for _, f := range w.tree.Files {
		w.types.add(f.Syntax, false)
	}
	w.types.abstracts()
	w.types.sortOwners()
	w.symbols()
	if c == nil {
		return
	}
	if w.pair != nil && w.pair.other.opt.Contract == c && w.types.same(w.pair.other.types) {
		w.contract, w.kept, w.specials = w.pair.other.contract, w.pair.other.kept, w.pair.other.specials
		return
	}
	file := &tree.File{Name: c.Name}
	defined := map[string]bool{}
	var list []*tree.Function
	for _, f := range c.files {
		for _, d := range f.Decls {
			if def, ok := d.(*syntax.FuncDef); ok {
				list = append(list, &tree.Function{FuncDef: def, File: file})
				defined[def.Name] = true
			}
		}
	}
	for _, f := range list {
		w.contract[f.Name] = prepare(f, true, func(name string) bool { return defined[name] })
	}
	var all []*function
	for _, f := range list {
		all = append(all, w.contract[f.Name])
	}
	w.findCallees(all)
	w.inOrder(context.Background(), all)
	w.kept = w.telling(all)
	clear(w.specials)
	w.result.States, w.result.Counts, w.result.Gaps = 0, map[string]int{}, nil
	w.inOrder(context.Background(), all)
	w.result.States, w.result.Counts, w.result.Gaps = 0, map[string]int{}, nil
}

// telling are the fields of a contract whose value matters to callers: those that a rule asks for,
// and those that a function which does nothing else answers for. What only decides how a helper
// does its work is not followed.
func (w *world) telling(list []*function) map[string]bool {
	kept := map[string]bool{}
	for _, f := range list {
		does := false
		for _, e := range f.summary.cases {
			for _, x := range e.facts {
				does = does || !onTheWay(x.aspect)
			}
		}
		for _, e := range f.summary.cases {
			for _, n := range e.needs {
				if n.aspect == holds && n.ref.steps != "" && (n.tested || !does) {
					kept[n.ref.steps[strings.LastIndex(n.ref.steps, ".")+1:]] = true
				}
			}
		}
	}
	return kept
}

// follows reports whether the value of a field of a contract is followed.
func (w *world) follows(name string) bool { return w.kept == nil || w.kept[name] }

// symbols gives a number to each name in capitals that nobody declares.
func (w *world) symbols() {
	files := w.tree.Files
	names := make([][]string, len(files))
	w.sideBySide(len(files), func(i int) {
		seen := map[string]bool{}
		syntax.Walk(files[i].Syntax, func(n syntax.Node) bool {
			if id, ok := n.(*syntax.Ident); ok && !seen[id.Name] && isSymbol(id.Name) {
				seen[id.Name] = true
				names[i] = append(names[i], id.Name)
			}
			return true
		})
	})
	next := int64(symbolBase)
	if w.pair != nil { // the same names have the same numbers
		next += int64(len(w.pair.other.types.symbols))
		for name, n := range w.pair.other.types.symbols {
			if _, constant := w.types.constants[name]; !constant {
				w.types.symbols[name] = n
			}
		}
	}
	for _, name := range slices.Concat(names...) {
		_, constant := w.types.constants[name]
		if _, known := w.types.symbols[name]; known || constant {
			continue
		}
		w.types.symbols[name] = next
		if strings.HasSuffix(name, "_NONE") {
			w.types.symbols[name] = 0
		}
		next++
	}
}

// isSymbol reports whether a name is that of a constant by its spelling.
func isSymbol(name string) bool {
	letters := 0
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			letters++
		case c == '_', c >= '0' && c <= '9':
		default:
			return false
		}
	}
	return letters > 2
}

// group analyses functions that call each other: twice, so that each knows something of the others.
func (w *world) group(ctx context.Context, mem *memory, group []*function) {
	if w.pair != nil {
		if w.adopt(group) {
			return
		}
		defer w.compareTwins(group)
	}
	rounds := 1
	if len(group) > 1 || callsItself(group[0]) {
		rounds = 2
	}
	over := make([]bool, len(group)) // they were given up, and would be again
	for round := range rounds {
		for i, f := range group {
			if ctx.Err() != nil {
				return
			}
			if !over[i] {
				over[i] = w.analyse(mem, f, round == rounds-1)
				mem.again()
			}
		}
	}
	for _, f := range group {
		if !f.contract {
			f.release()
		}
	}
}

func callsItself(f *function) bool {
	return slices.Contains(f.callees, f)
}

// ownError is the reason of a gap that is a mistake of this package.
const ownError = "a mistake of the linter itself"

// analyse looks at one function. What was found is told at last, or when the function is given up.
func (w *world) analyse(mem *memory, f *function, last bool) (over bool) {
	defer func() {
		// A broken invariant of ours costs one function, and is told.
		if e := recover(); e != nil {
			f.summary = nil
			w.gap(Gap{Reason: ownError, Function: f.Name, Pos: f.Pos(), Detail: fmt.Sprint(e)})
		}
	}()
	if f.tracked == nil {
		f.tracked = make([]bool, len(f.graph.Locals))
		for i, l := range f.graph.Locals {
			t := typeOf(l.Type)
			f.tracked[i] = t.stars > 0 && w.types.counted(t.name)
		}
	}
	a := &analysis{w: w, f: f, ps: newPlaces(), mem: mem, reports: map[reportKey]*Finding{}}
	a.run()
	if !f.contract {
		a.balance()
		a.leaves()
		a.dropsWithJob()
		a.endedTwice()
	}
	sum := a.sum()
	f.summary = sum
	f.starts, f.jobNeed = a.starts(), a.jobNeed()
	over = a.cut && !f.contract
	if over {
		f.summary = nil
	}
	if !last && !over {
		return over
	}
	a.saying.states, a.saying.blurred, a.saying.findings = a.states, sum.blurred, a.findings()
	w.tell(&a.saying)
	if w.keeps {
		f.told = &a.saying
	}
	return over
}

// sum makes a summary of the exits.
func (a *analysis) sum() *summary {
	sum := &summary{name: a.f.Name, of: a.f, params: a.f.params, result: a.f.summaryResult(), acquires: a.acquires, backs: a.backs}
	sum.alters, sum.blocks = a.alterations, a.blockings
	a.forgetAltered()
	var way effect
	cases := joiner{stores: true}
	for _, e := range a.exits {
		a.summarise(&way, e.s, e.ret)
		cases.add(&way)
	}
	most := maxCases
	if a.f.contract {
		most *= 4
	}
	sum.cases, sum.blurred = reduce(cases.list, most)
	return sum
}

// maxSpecials is how many summaries for known numbers are made.
const maxSpecials = 4096

// special is the summary of a function for the numbers that it is given. Only those of a contract
// are worth it: they are short, and what they do hangs on the kind of a job.
func (w *world) special(mem *memory, f *function, args []value) *summary {
	if !f.contract || f.summary == nil {
		return f.summary
	}
	key := f.Name
	some := false
	for i, v := range args {
		key += "|"
		switch {
		case i >= len(f.params):
		case v.known && (f.params[i].stars == 0 || f.params[i].stars > 1 && v.n == 0):
			key += strconv.FormatInt(v.n, 10)
			some = true
		case v.at > 0 && f.params[i].stars > 1:
			key += "&"
			some = true
		}
	}
	if !some {
		return f.summary
	}
	w.mu.Lock()
	sum, ok := w.specials[key]
	full := len(w.specials) >= maxSpecials
	w.mu.Unlock()
	if ok || full {
		if !ok {
			return f.summary
		}
		return sum
	}
	a := &analysis{w: w, f: f, ps: newPlaces(), mem: mem, reports: map[reportKey]*Finding{}, given: args}
	a.run()
	sum = a.sum()
	w.mu.Lock()
	w.specials[key] = sum
	w.mu.Unlock()
	return sum
}

// findCallees notes which functions with a summary of their own functions call.
func (w *world) findCallees(list []*function) {
	w.sideBySide(len(list), func(i int) {
		f := list[i]
		note := func(owner any) {
			for _, c := range f.calls[owner] {
				if id, ok := c.Fun.(*syntax.Ident); ok {
					if to := w.lookup(f, id.Name); to != nil {
						f.callees = append(f.callees, to)
					}
				}
			}
		}
		for _, b := range f.graph.Blocks {
			for _, item := range b.Items {
				note(item)
				if l, ok := item.(*flow.Leave); ok {
					f.callsAtEnd(w, l)
				}
			}
			note(b.End)
		}
	})
}

// callsAtEnd notes the function that is called at the end of the life of a variable.
func (f *function) callsAtEnd(w *world, l *flow.Leave) {
	if l.Attr.Name != "cleanup" || len(l.Attr.Args) != 1 {
		return
	}
	if id, ok := l.Attr.Args[0].(*syntax.Ident); ok {
		if to := w.lookup(f, id.Name); to != nil {
			f.callees = append(f.callees, to)
		}
	}
}

// sideBySide does n things, as many at a time as there are to be workers.
func (w *world) sideBySide(n int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(w.opt.workers(), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}

// finish puts the findings in order, with those that stand in the text of what is asked about.
func (w *world) finish(asked func(*tree.Function) bool) {
	r := w.result
	w.partly()
	w.freed(asked)
	w.droppedTwice(asked)
	w.leftTo(r.Findings)
	slices.SortStableFunc(r.Findings, compareFindings)
	r.Findings = append(together(w.rooted(handedOver(r.Findings, w.taken))), joinBlames(w.blames)...)
	w.called()
	w.calledBack()
	w.lockedInChildren()
	w.cycles()
	slices.SortFunc(r.Findings, compareFindings)
	slices.SortFunc(r.Gaps, func(x, y Gap) int {
		return cmp.Or(comparePos(x.Pos, y.Pos), cmp.Compare(x.Reason, y.Reason), cmp.Compare(x.Detail, y.Detail))
	})
	r.Gaps = slices.Compact(r.Gaps)
}

func compareFindings(x, y Finding) int {
	return cmp.Or(comparePos(x.Pos, y.Pos), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Object, y.Object), cmp.Compare(x.Message, y.Message))
}
