package slice

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// A Request says what to slice.
type Request struct {
	// Protocol are the strict trees of the protocol.
	Protocol []*syntax.File
	// Expand carries out a call of one of the protocol's macros; the result is nil where the name is
	// none. It may be nil.
	Expand func(*syntax.Call) syntax.Expr
	Tree   *tree.Tree
	// Roots are the functions that threads run, by name.
	Roots []string
	// Own are helpers of the protocol in whose place those of the tree stand.
	Own []string
	// At is where somebody asks for a root or a helper of one's own, for errors; it may be nil.
	At map[string]model.Pos
}

// A Slice is what is left of the functions that were asked for.
type Slice struct {
	// File has the functions, callees first.
	File *syntax.File
	// Protocol is that of the request, with prototypes in the place of the helpers that the tree
	// defines.
	Protocol []*syntax.File
	// Functions says of each function in File what was kept of it.
	Functions []Function
	// Left is what the slice does not have although it may count, in the order of the source.
	Left []Note
}

// A Function is a sliced function.
type Function struct {
	Name string
	Pos  model.Pos
	// Params are the types of those parameters that were kept, and Domain says which of them are an
	// object on a list, or a handle that names one.
	Params []syntax.Type
	Domain []bool
	// Touches says that something of the protocol is left in it.
	Touches bool
	// Of is how many statements the function has, Kept how many of them are left.
	Of, Kept int
	// Choices is how many conditions and results are choices.
	Choices int
}

// A Note is something that was left out.
type Note struct {
	Pos  model.Pos
	Text string
}

// MaxStatements is how many statements a slice may have.
const MaxStatements = 20000

// Of slices functions. The error is of type [syntax.Diagnostics] and says, with positions, why a
// root cannot be sliced; or it is that of ctx.
func Of(ctx context.Context, req Request) (*Slice, error) {
	s := &slicer{
		ctx: ctx, req: req, types: typesOf(req.Protocol), done: map[*tree.Function]*function{},
		callbacks: map[*tree.Function]*function{},
		names:     map[string]*tree.Function{},
		out:       &syntax.File{Name: "slice"},
	}
	s.types.addEnums(req.Tree)
	for _, name := range slices.Concat(req.Own, req.Roots) {
		if own := slices.Contains(req.Own, name); own && s.types.functions[name] == nil {
			s.wrong.Add(req.At[name],
				fmt.Sprintf("the protocol has no helper %s in whose place that of the tree could stand", name), "")
			continue
		}
		def := s.find(name)
		if def == nil {
			s.wrong.Add(req.At[name], fmt.Sprintf("no function %s in the tree", name), "")
			continue
		}
		f := s.function(def, true)
		s.wrong.Append(f.wrong)
		if len(f.wrong) == 0 && !f.listed {
			s.list(f)
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, cmp.Or(context.Cause(ctx), err)
	}
	if s.statements > MaxStatements {
		s.wrong.Add(model.Pos{}, fmt.Sprintf("the slice has more than %d statements", MaxStatements),
			"ask for functions that call less, or for a protocol that has more of the helpers")
	}
	if err := s.wrong.Err(); err != nil {
		return nil, err
	}
	return s.result(), nil
}

// A slicer is one run of [Of].
type slicer struct {
	ctx        context.Context
	req        Request
	types      *types
	done       map[*tree.Function]*function
	callbacks  map[*tree.Function]*function
	names      map[string]*tree.Function // by the name in the slice
	out        *syntax.File
	order      []*function
	statements int
	constants  map[string]constant // of the tree
	wrong      syntax.Diagnostics
}

// find is the function that a name of the request means: one that all files see, or the only static
// one, or the first of several.
func (s *slicer) find(name string) *tree.Function {
	if f := s.req.Tree.Find(nil, name); f != nil {
		return f
	}
	for _, file := range s.req.Tree.Files {
		if f := s.req.Tree.Find(file, name); f != nil {
			return f
		}
	}
	return nil
}

// function slices a definition, once.
func (s *slicer) function(def *tree.Function, root bool) *function {
	if f := s.done[def]; f != nil {
		return f
	}
	f := &function{slicer: s, def: def, root: root, name: s.name(def)}
	if own := s.types.functions[def.Name]; own != nil {
		f.like = own.Type
	}
	s.done[def] = f
	f.slice()
	return f
}

// callback slices a definition that a helper of the protocol is given, and calls as of that type.
func (s *slicer) callback(def *tree.Function, like *syntax.Func) *function {
	if f := s.callbacks[def]; f != nil {
		return f
	}
	f := &function{slicer: s, def: def, root: true, name: s.name(def), like: like}
	s.callbacks[def] = f
	f.slice()
	if len(like.Params) != len(def.Type.Params) {
		f.fail(def.Pos(), "%s does not have the parameters of what the protocol calls: %d, not %d",
			def.Name, len(def.Type.Params), len(like.Params))
	}
	return f
}

// A constant is an enumerator of the tree, which is known where all that have its name agree.
type constant struct {
	value int64
	known bool
}

// enumerator is the value of an enumerator of the tree.
func (s *slicer) enumerator(name string) (int64, bool) {
	if s.constants == nil {
		s.constants = map[string]constant{}
		for _, f := range s.req.Tree.Files {
			for _, d := range f.Syntax.Decls {
				if _, body := d.(*syntax.FuncDef); !body {
					s.enumerators(d)
				}
			}
		}
	}
	c := s.constants[name]
	return c.value, c.known
}

func (s *slicer) enumerators(d syntax.Decl) {
	syntax.Walk(d, func(n syntax.Node) bool {
		if e, ok := n.(*syntax.Enumerator); ok {
			old, twice := s.constants[e.Name]
			s.constants[e.Name] = constant{e.Value, e.Known && (!twice || old.known && old.value == e.Value)}
		}
		return true
	})
}

// name is what a function is called in the slice: static ones of several files may share a name.
func (s *slicer) name(def *tree.Function) string {
	name := def.Name
	for n := 2; s.names[name] != nil; n++ {
		name = fmt.Sprintf("%s_%d", def.Name, n)
	}
	s.names[name] = def
	return name
}

// list appends a function to the slice, after those that it calls.
func (s *slicer) list(f *function) {
	f.listed = true
	for _, c := range f.calls {
		if !c.listed {
			s.list(c)
		}
	}
	s.order = append(s.order, f)
}

func (s *slicer) result() *Slice {
	r := &Slice{File: s.out}
	for _, f := range s.order {
		s.out.Decls = append(s.out.Decls, &syntax.Prototype{At: syntax.At{Start: f.def.Pos()}, Name: f.name, Type: f.typ})
	}
	for _, f := range s.order {
		s.out.Decls = append(s.out.Decls, f.definition())
		r.Functions = append(r.Functions, f.summary())
		r.Left = append(r.Left, f.left...)
	}
	if len(r.Functions) > 0 {
		s.out.Start = r.Functions[0].Pos
	}
	slices.SortStableFunc(r.Left, func(a, b Note) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
	r.Left = slices.Compact(r.Left)
	r.Protocol = s.without(s.req.Own)
	return r
}

// without is the protocol with prototypes for some of its helpers.
func (s *slicer) without(own []string) []*syntax.File {
	var files []*syntax.File
	for _, f := range s.req.Protocol {
		g := *f
		g.Decls = slices.Clone(f.Decls)
		for i, d := range g.Decls {
			if def, ok := d.(*syntax.FuncDef); ok && slices.Contains(own, def.Name) {
				g.Decls[i] = &syntax.Prototype{At: def.At, Name: def.Name, Type: def.Type, Storage: def.Storage, Attrs: def.Attrs}
			}
		}
		files = append(files, &g)
	}
	return files
}
