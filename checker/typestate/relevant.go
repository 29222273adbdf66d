package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// A mention is what one function of a tree calls, before any graph is made.
type mention struct {
	fn        *tree.Function
	calls     []string
	contract  []string       // of these, the contract's
	also      []string       // names that mean something else in a contract, or that a helper is given which calls them
	protocol  bool           // it reaches the protocol itself
	frees     bool           // it frees what a variable leads to
	drops     []*syntax.Call // of references that fields hold
	entry     bool           // its address is taken
	table     []*mention     // that are called like this one
	column    []*mention     // that stand in the same place of other rows
	writer    *writer        // nil when it is given no pointers
	finder    *finder        // nil when it cannot be one
	makes     bool           // it makes something, perhaps what it returns
	recursive []*syntax.Call // that make a mutex a recursive one
	pointers  pointers       // what it does with pointers to functions
	taken     []*tree.Function
	flags     []string // fields that it sets and takes back
	clears    bool     // it clears the job of what it is given, and does nothing else
	endings   []ending // what it calls when it frees what it is given
}

// read finds out what all functions of the tree call, and what is so of all of them together.
func (w *world) read() {
	files := w.tree.Files
	perFile := make([][]*mention, len(files))
	w.sideBySide(len(files), func(i int) {
		for _, f := range files[i].Functions {
			perFile[i] = append(perFile[i], w.mention(f))
		}
	})
	list := slices.Concat(perFile...)
	index := make(map[*tree.Function]*mention, len(list))
	for _, m := range list {
		index[m.fn] = m
		w.children = append(w.children, w.childCalls(m)...)
		for _, name := range m.flags {
			w.flags[name] = true
		}
		for _, c := range m.recursive {
			w.noteRecursive(m.fn, c)
		}
		if m.clears {
			w.clearers[m.fn] = true
		}
	}
	reaches(list, index, w.tree)
	scopes := w.initialised()
	entries(list, index, scopes)
	w.pointers = w.callsByPointer(list, index, scopes)
	w.finders(list, index)
	w.tables(index, scopes)
	w.endings(list)
	w.columns(index, scopes)
	w.jobs = w.withJobs(list)
	w.mentions, w.index = list, index
	w.findWrites(list)
}

// reach prepares functions of the tree that reach the protocol, and all that they call, as far as
// none of that has been prepared.
func (w *world) reach(asked func(*tree.Function) bool) []*function {
	list := w.only(asked)
	out := make([]*function, len(list))
	w.sideBySide(len(list), func(i int) {
		out[i] = prepare(list[i].fn, false, func(name string) bool { return w.contract[name] != nil })
		out[i].entry = list[i].entry
		out[i].jobs = w.jobs[folder(list[i].fn)]
		out[i].outside = w.pointers.byName[list[i].fn]
	})
	for _, f := range out {
		w.byDef[f.Function] = f
	}
	for i, f := range out {
		for _, m := range list[i].column {
			if g := w.byDef[m.fn]; g != nil {
				f.column = append(f.column, g)
			}
		}
		f.inTable = len(list[i].table) > 1
		for _, m := range list[i].table {
			if g := w.byDef[m.fn]; g != nil {
				f.table = append(f.table, g)
			}
		}
	}
	w.findCallees(out)
	for i, f := range out {
		w.ownBodies(f, list[i])
	}
	if w.pair != nil {
		w.findTwins(list)
	}
	return out
}

// reaches marks the functions that call one which reaches the protocol.
func reaches(list []*mention, index map[*tree.Function]*mention, t *tree.Tree) {
	callers := map[*mention][]*mention{}
	var todo []*mention
	for _, m := range list {
		if m.protocol {
			todo = append(todo, m)
			continue
		}
		for _, name := range m.calls {
			if to := index[t.Find(m.fn.File, name)]; to != nil {
				callers[to] = append(callers[to], m)
			}
		}
	}
	for len(todo) > 0 {
		to := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, m := range callers[to] {
			if !m.protocol {
				m.protocol = true
				todo = append(todo, m)
			}
		}
	}
}

// entries marks the functions whose address is taken: in an initialiser, an assignment or as an
// argument.
func entries(list []*mention, index map[*tree.Function]*mention, scopes []fileScope) {
	mark := func(taken []*tree.Function) {
		for _, f := range taken {
			if m := index[f]; m != nil {
				m.entry = true
			}
		}
	}
	for _, m := range list {
		mark(m.taken)
	}
	for i := range scopes {
		mark(scopes[i].taken)
	}
}

// accessor reports whether a function does nothing but lead from one object of the contract to
// another: who does not know that takes one object for two.
func (w *world) accessor(f *tree.Function) bool {
	if t := typeOf(f.Type.Result); t.stars != 1 || !w.types.counted(t.name) || len(f.Body.List) > 3 {
		return false
	}
	n := len(f.Body.List)
	if n == 0 {
		return false
	}
	r, ok := f.Body.List[n-1].(*syntax.Return)
	if !ok {
		return false
	}
	_, member := r.X.(*syntax.Member)
	return member
}

func (w *world) mention(f *tree.Function) *mention {
	m := &mention{
		fn: f, protocol: w.accessor(f) || w.changesGiven(f),
		finder: w.finder(f), writer: w.writer(f), clears: w.clearsJob(f), endings: w.endingsOf(f),
	}
	scan := pointerScan{w: w, f: f}
	defer func() { m.pointers, m.taken, m.flags = scan.out, scan.taken, scan.flags.both() }()
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.VarDecl:
			if n.Init != nil {
				scan.assign(&syntax.Ident{Name: n.Name}, n.Init)
			}
		case *syntax.Assign:
			scan.assign(n.X, n.Y)
		case *syntax.MacroBlock:
			if id, ok := n.Call.Fun.(*syntax.Ident); ok && vocabulary.Guarding(id.Name) != "" {
				m.protocol = true
			}
		case *syntax.Call:
			id, ok := n.Fun.(*syntax.Ident)
			scan.call(n, ok && w.isKnown(id.Name))
			if !ok {
				break
			}
			if name, _ := freedByCall(n); name != "" {
				m.frees = true
			}
			if dropsField(n) {
				m.drops = append(m.drops, n)
			}
			if f := w.contract[id.Name]; f != nil {
				m.protocol = m.protocol || !w.isAccess(f) || w.givesField(n) || syntax.FindAttr(f.Attrs, "blocks") != nil
				m.contract = append(m.contract, id.Name)
				if len(f.invoked) > 0 {
					m.also = append(m.also, namesGiven(n)...)
				}
				break
			}
			m.makes = m.makes || vocabulary.Makes(id.Name)
			if v := vocabulary.Lookup(id.Name); v != nil {
				if v.Message() {
					return false
				}
				if v.Effect == vocabulary.MutexInit && vocabulary.MutexKind(id.Name) == vocabulary.RecursiveMutex {
					m.recursive = append(m.recursive, n)
				}
				m.protocol = m.protocol || isProtocol(v.Effect)
				if slices.Contains(protocolOnly, v.Effect) {
					m.also = append(m.also, id.Name)
				}
			} else if !slices.Contains(m.calls, id.Name) {
				m.calls = append(m.calls, id.Name)
			}
		}
		return true
	})
	return m
}
