package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// A function is one body with what its analysis needs again and again.
type function struct {
	*tree.Function
	contract bool // its file is one of the contract
	graph    *flow.Graph
	params   []ctype
	calls    map[any][]*syntax.Call // of an item or an end, in the order of their evaluation
	sites    map[any]int            // numbers of calls and assignments
	conds    []condition            // pure conditions that stand more than once
	condOf   map[*flow.Branch]int   // which of them a branch tests, -1 when its condition stands once
	liveVars [][]uint64             // at the start of each block
	live     [][]uint64             // conditions still to be tested, at the start of each block
	meets    []bool                 // blocks to which several lead
	nulls    []int                  // locals that are NULL and never given another value
	assigned []bool                 // locals that are given a value after their declaration
	shared   []bool                 // locals whose address is taken
	tracked  []bool                 // locals that point to an object of the contract
	callees  []*function            // with a summary of their own, as often as they are called
	summary  *summary
	table    []*function // that are called like this one
	inTable  bool        // it stands in a table with others that are given such an object
	column   []*function // that stand in the same place of other rows of a table
	jobNeed  *origin     // where it needs a job of its callers
	starts   []start     // what it asks of its callers' locks
	jobs     bool        // it lies in a folder in which jobs are begun
	entry    bool        // its address is taken: who calls it is not known
	partly   bool        // not all that call it are looked at
	invoked  []int       // of a contract: parameters that it calls
	// what callees call by pointers that do not reach the protocol themselves
	outside map[string][]target
	own     map[string]*function // the tree's own bodies of helpers that call something by pointers
	told    *told                // where it is kept
	twin    *function            // what it is in another tree; nil when it is nothing, or was not analysed there
	like    bool                 // it is the same there, whatever it calls
	same    bool                 // its callers know the same of it there
}

// release drops what only the function's own analysis needs.
func (f *function) release() {
	f.graph, f.calls, f.sites, f.conds, f.condOf = nil, nil, nil, nil, nil
	f.liveVars, f.live, f.meets, f.shared, f.tracked, f.assigned = nil, nil, nil, nil, nil, nil
}

// A condition is a pure one, known by its text.
type condition struct {
	text   string
	locals []int
	fields []string // that it reads through pointers
}

// prepare makes the graph of a function and indexes it.
func prepare(f *tree.Function, contract bool, defined func(string) bool) *function {
	g, _ := flow.New(f.FuncDef, flow.Options{Defined: defined})
	fn := &function{
		Function: f, contract: contract, graph: g, calls: map[any][]*syntax.Call{}, sites: map[any]int{},
		condOf: map[*flow.Branch]int{}, shared: make([]bool, len(g.Locals)),
		assigned: make([]bool, len(g.Locals)),
	}
	for _, p := range f.Type.Params {
		fn.params = append(fn.params, typeOf(p.Type))
	}
	for _, b := range g.Blocks {
		if !b.Live {
			continue
		}
		for _, i := range b.Items {
			if x, env := itemExpr(i); x != nil {
				fn.index(i, x, env)
			}
		}
		if x, env := endExpr(b.End); x != nil {
			fn.index(b.End, x, env)
		}
	}
	fn.findMeetings()
	if contract {
		fn.invoked = fn.invokes()
	}
	fn.nulls = slices.DeleteFunc(fn.nulls, func(i int) bool { return fn.assigned[i] || fn.shared[i] })
	fn.findConditions()
	fn.liveness()
	return fn
}

// itemExpr is the expression that an item evaluates.
func itemExpr(i flow.Item) (syntax.Expr, flow.Env) {
	switch i := i.(type) {
	case *flow.Eval:
		return i.X, i.Env
	case *flow.Set:
		return i.X, i.Env
	case *flow.Init:
		return i.X, i.Env
	}
	return nil, flow.Env{}
}

func endExpr(e flow.End) (syntax.Expr, flow.Env) {
	switch e := e.(type) {
	case *flow.Branch:
		if !e.Hidden {
			return e.Cond, e.Env
		}
	case *flow.Switch:
		return e.X, e.Env
	case *flow.Return:
		return e.X, e.Env
	}
	return nil, flow.Env{}
}

// index notes the calls of an expression, the sites in it, and whose address it takes.
func (f *function) index(owner any, x syntax.Expr, env flow.Env) {
	syntax.Inspect(x, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.SizeofExpr, *syntax.SizeofType, *syntax.Temp, *syntax.StringLit:
			return false
		case *syntax.Call:
			if id, ok := n.Fun.(*syntax.Ident); ok && vocabulary.IsMessage(id.Name) {
				return false
			}
		case *syntax.Unary:
			if id, ok := n.X.(*syntax.Ident); ok && n.Op == "&" {
				if l := env.Find(id.Name); l != nil && l.Index >= 0 {
					f.shared[l.Index] = true
				}
			}
		}
		return true
	}, func(n syntax.Node) {
		switch n := n.(type) {
		case *syntax.Call:
			f.calls[owner] = append(f.calls[owner], n)
			f.sites[n] = len(f.sites)
		case *syntax.Assign:
			f.sites[n] = len(f.sites)
			if id, ok := n.X.(*syntax.Ident); ok {
				if l := env.Find(id.Name); l != nil && l.Index >= 0 {
					f.assigned[l.Index] = true
				}
			}
		}
	})
	if i, ok := owner.(*flow.Init); ok {
		if id, ok := x.(*syntax.Ident); ok && id.Name == "NULL" {
			f.nulls = append(f.nulls, i.Local.Index)
		}
		f.sites[i] = len(f.sites)
	}
}

// findMeetings marks the blocks to which several lead.
func (f *function) findMeetings() {
	f.meets = make([]bool, len(f.graph.Blocks))
	led := make([]bool, len(f.graph.Blocks))
	var next []*flow.Block
	for _, b := range f.graph.Blocks {
		if !b.Live {
			continue
		}
		next = b.End.Next(next[:0])
		for _, to := range next {
			f.meets[to.Index] = f.meets[to.Index] || led[to.Index]
			led[to.Index] = true
		}
	}
}

// findConditions numbers the conditions that are pure and stand in more than one branch.
func (f *function) findConditions() {
	byText := map[string][]*flow.Branch{}
	var order []string
	for _, b := range f.graph.Blocks {
		e, ok := b.End.(*flow.Branch)
		if !ok || !b.Live {
			continue
		}
		f.condOf[e] = -1
		if e.Hidden || !pure(e.Cond) {
			continue
		}
		text := conditionText(e.Cond)
		if byText[text] == nil {
			order = append(order, text)
		}
		byText[text] = append(byText[text], e)
	}
	for _, text := range order {
		list := byText[text]
		if len(list) < 2 {
			continue
		}
		n := len(f.conds)
		c := condition{text: text}
		syntax.Walk(list[0].Cond, func(x syntax.Node) bool {
			switch x := x.(type) {
			case *syntax.Ident:
				if l := list[0].Env.Find(x.Name); l != nil && l.Index >= 0 && !slices.Contains(c.locals, l.Index) {
					c.locals = append(c.locals, l.Index)
				}
			case *syntax.Member:
				c.fields = append(c.fields, x.Name)
			case *syntax.Index:
				c.fields = append(c.fields, "[]")
			case *syntax.Unary:
				if x.Op == "*" {
					c.fields = append(c.fields, "*")
				}
			}
			return true
		})
		f.conds = append(f.conds, c)
		for _, e := range list {
			f.condOf[e] = n
		}
	}
}

// conditionText is the text of a condition without what only says how it is compared with zero.
func conditionText(e syntax.Expr) string {
	if b, ok := e.(*syntax.Binary); ok && b.Op == "!=" {
		if n, ok := b.Y.(*syntax.Ident); ok && n.Name == "NULL" {
			return syntax.Format(b.X)
		}
		if n, ok := b.Y.(*syntax.IntLit); ok && n.Value == 0 {
			return syntax.Format(b.X)
		}
	}
	return syntax.Format(e)
}

// pure reports whether evaluating an expression changes nothing and calls nothing.
func pure(e syntax.Expr) bool {
	ok := true
	syntax.Walk(e, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call, *syntax.Assign, *syntax.Postfix, *syntax.Temp, *syntax.StmtExpr:
			ok = false
		case *syntax.Unary:
			ok = ok && n.Op != "++" && n.Op != "--"
		}
		return ok
	})
	return ok
}

// liveness finds which locals and conditions are still looked at after the start of each block.
func (f *function) liveness() {
	n := len(f.graph.Locals) + f.graph.Temps
	words, condWords := (n+63)/64, (len(f.conds)+63)/64
	blocks := f.graph.Blocks
	use := make([][]uint64, len(blocks))
	def := make([][]uint64, len(blocks))
	f.liveVars = make([][]uint64, len(blocks))
	f.live = make([][]uint64, len(blocks))
	cond := make([]int, len(blocks))
	for i, b := range blocks {
		use[i], def[i] = make([]uint64, words), make([]uint64, words)
		f.liveVars[i], f.live[i] = make([]uint64, words), make([]uint64, condWords)
		cond[i] = -1
		if !b.Live {
			continue
		}
		for _, item := range b.Items {
			f.uses(item, use[i], def[i])
		}
		if x, env := endExpr(b.End); x != nil {
			f.reads(x, env, use[i], def[i])
		}
		if e, ok := b.End.(*flow.Branch); ok {
			cond[i] = f.condOf[e]
		}
	}
	var next []*flow.Block
	for changed := true; changed; {
		changed = false
		for i := len(blocks) - 1; i >= 0; i-- {
			b := blocks[i]
			if !b.Live {
				continue
			}
			next = b.End.Next(next[:0])
			for w := range words {
				var out uint64
				for _, to := range next {
					out |= f.liveVars[to.Index][w]
				}
				in := use[i][w] | out&^def[i][w]
				if in != f.liveVars[i][w] {
					f.liveVars[i][w] = in
					changed = true
				}
			}
			for w := range condWords {
				var out uint64
				for _, to := range next {
					out |= f.live[to.Index][w]
				}
				if c := cond[i]; c >= 0 && c/64 == w {
					out |= 1 << (c % 64)
				}
				if out != f.live[i][w] {
					f.live[i][w] = out
					changed = true
				}
			}
		}
	}
}

func hasBit(set []uint64, i int) bool { return set[i/64]&(1<<(i%64)) != 0 }

func setBit(set []uint64, i int) { set[i/64] |= 1 << (i % 64) }

// uses notes which locals an item reads before it, or one before it in the block, assigns them.
func (f *function) uses(i flow.Item, use, def []uint64) {
	switch i := i.(type) {
	case *flow.Init:
		f.reads(i.X, i.Env, use, def)
		f.defines(i.Local.Index, def)
	case *flow.Set:
		f.reads(i.X, i.Env, use, def)
		f.defines(len(f.graph.Locals)+i.Temp.Index, def)
	case *flow.Eval:
		f.reads(i.X, i.Env, use, def)
	case *flow.Leave:
		if !hasBit(def, i.Local.Index) {
			setBit(use, i.Local.Index)
		}
	}
}

func (f *function) defines(local int, def []uint64) {
	if local >= len(f.graph.Locals) || !f.shared[local] {
		setBit(def, local)
	}
}

func (f *function) reads(x syntax.Expr, env flow.Env, use, def []uint64) {
	read := func(i int) {
		if !hasBit(def, i) {
			setBit(use, i)
		}
	}
	var walk func(n syntax.Node) bool
	walk = func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Temp:
			read(len(f.graph.Locals) + n.Index)
		case *syntax.Ident:
			if l := env.Find(n.Name); l != nil && l.Index >= 0 {
				read(l.Index)
			}
		case *syntax.Assign:
			if id, ok := n.X.(*syntax.Ident); ok && n.Op == "=" {
				syntax.Walk(n.Y, walk)
				if l := env.Find(id.Name); l != nil && l.Index >= 0 {
					f.defines(l.Index, def)
				}
				return false
			}
		}
		return true
	}
	syntax.Walk(x, walk)
}
