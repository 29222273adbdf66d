// Package outline says in a few words what an era's C says of each helper: what must hold when it
// is called, and what it does, in order.
//
// It reads the C as a person does: calls of helpers are followed into their bodies, conditions on
// constants are decided, and what stands in a branch is done perhaps. It decides nothing: the model
// checker and the linter read the C itself.
package outline

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// An Era is the outline of a protocol.
type Era struct {
	Name, Title string
	Helpers     []*Helper // in the order of the C
	Text        string    // the C as one file
}

// A Helper is one function of an era that is not static.
type Helper struct {
	Name        string
	Declaration string
	Requires    []string
	Does        []string // what is done perhaps stands in parentheses
}

// Find returns the helper of that name, or nil.
func (e *Era) Find(name string) *Helper {
	i := slices.IndexFunc(e.Helpers, func(h *Helper) bool { return h.Name == name })
	if i < 0 {
		return nil
	}
	return e.Helpers[i]
}

// Of reads the C of a shipped protocol. The error says what is wrong with it.
func Of(ctx context.Context, p *scenarios.Protocol) (*Era, error) {
	files := map[string]syntax.Source{}
	for _, f := range p.Files {
		files[f.Name] = f
	}
	parser := syntax.NewParser(ctx, syntax.Options{
		Mode: syntax.Strict,
		Include: func(from model.Pos, name string) (syntax.Source, error) {
			f, ok := files[path.Join(path.Dir(from.File), name)]
			if !ok {
				return f, fmt.Errorf("%s does not come with the protocol", name)
			}
			return f, nil
		},
	})
	file := parser.Parse(p.Files[0])
	if err := parser.Err(); err != nil {
		return nil, fmt.Errorf("reading the protocol %s: %w", p.Name, err)
	}
	if err := parser.Diagnostics().Err(); err != nil {
		return nil, fmt.Errorf("reading the protocol %s: %w", p.Name, err)
	}
	text, err := p.Standalone()
	if err != nil {
		return nil, fmt.Errorf("reading the protocol %s: %w", p.Name, err)
	}
	o := newOutliner(file)
	e := &Era{Name: p.Name, Title: p.Title, Text: text}
	for _, d := range file.Decls {
		if f, ok := d.(*syntax.FuncDef); ok && f.Storage != syntax.Static {
			e.Helpers = append(e.Helpers, o.helper(f))
		}
	}
	return e, nil
}

// Named reads the shipped protocol of that name, with or without "libvirt-" before it.
func Named(ctx context.Context, name string) (*Era, error) {
	var names []string
	for _, p := range scenarios.Protocols() {
		if p.Name == name || p.Name == "libvirt-"+name {
			return Of(ctx, &p)
		}
		names = append(names, p.Name)
	}
	hint := scenarios.Hint(name, names)
	if hint != "" {
		hint = " (" + hint + ")"
	}
	return nil, fmt.Errorf("unknown protocol %q%s", name, hint)
}

// An outliner has what the functions of a file share.
type outliner struct {
	functions map[string]*syntax.FuncDef
	constants map[string]int64
	typedefs  map[string]syntax.Type
	fields    map[fieldOf]syntax.Type
	owned     map[fieldOf]bool       // who has a job
	types     map[string]syntax.Type // of variables, parameters and locals
}

// A fieldOf is a field of a struct, by their names.
type fieldOf struct{ tag, field string }

// structOf is the tag of the struct that an expression is or points to; "" where it is none.
func (o *outliner) structOf(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Ident:
		return o.tagOf(o.types[e.Name])
	case *syntax.Member:
		return o.tagOf(o.fields[fieldOf{o.structOf(e.X), e.Name}])
	case *syntax.Cast:
		return o.tagOf(e.Type)
	}
	return ""
}

func (o *outliner) tagOf(t syntax.Type) string {
	switch t := t.(type) {
	case *syntax.Pointer:
		return o.tagOf(t.Elem)
	case *syntax.StructType:
		return t.Tag
	case *syntax.TypeName:
		return o.tagOf(o.typedefs[t.Name])
	}
	return ""
}

func newOutliner(file *syntax.File) *outliner {
	o := &outliner{
		functions: map[string]*syntax.FuncDef{}, constants: map[string]int64{}, typedefs: map[string]syntax.Type{},
		fields: map[fieldOf]syntax.Type{}, owned: map[fieldOf]bool{}, types: map[string]syntax.Type{},
	}
	for _, d := range file.Decls {
		syntax.Walk(d, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.FuncDef:
				o.functions[n.Name] = n
				return false
			case *syntax.VarDecl:
				o.types[n.Name] = n.Type
			case *syntax.TypedefDecl:
				o.typedefs[n.Name] = n.Type
			case *syntax.Enumerator:
				if n.Known {
					o.constants[n.Name] = n.Value
				}
			case *syntax.StructType:
				for _, f := range n.Fields {
					name := fieldOf{n.Tag, f.Name}
					o.fields[name] = f.Type
					o.owned[name] = syntax.FindAttr(f.Attrs, "owner") != nil
				}
			}
			return true
		})
	}
	return o
}

// helper makes the outline of one function.
func (o *outliner) helper(f *syntax.FuncDef) *Helper {
	w := &walk{
		outliner: o, h: &Helper{Name: f.Name, Declaration: declaration(f)},
		done: map[string][]touch{}, asked: map[string]bool{},
	}
	w.function(f, env{}, false)
	w.h.Requires = unique(w.h.Requires)
	return w.h
}

// declaration is how a function is declared.
func declaration(f *syntax.FuncDef) string {
	var params []string
	for _, p := range f.Type.Params {
		params = append(params, syntax.FormatDecl(p.Type, p.Name))
	}
	if len(params) == 0 {
		params = []string{"void"}
	}
	return syntax.FormatDecl(f.Type.Result, f.Name) + "(" + strings.Join(params, ", ") + ")"
}

func unique(all []string) []string {
	var out []string
	for _, s := range all {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// does are the words for what a known function does to its first argument.
var does = map[vocabulary.Effect]string{
	vocabulary.Lock: "lock", vocabulary.LockObject: "lock",
	vocabulary.LockGuard: "lock for the block", vocabulary.LockObjectGuard: "lock for the block",
	vocabulary.Unlock: "unlock", vocabulary.UnlockObject: "unlock", vocabulary.UnlockGuard: "unlock",
	vocabulary.ReadLock: "lock for reading", vocabulary.WriteLock: "lock for writing",
	vocabulary.UnlockEither: "unlock", vocabulary.ReadUnlock: "unlock", vocabulary.WriteUnlock: "unlock",
	vocabulary.Wait: "wait on", vocabulary.Signal: "wake one of", vocabulary.Broadcast: "wake all of",
	vocabulary.Ref: "ref", vocabulary.Unref: "unref", vocabulary.Find: "find and lock", vocabulary.LookUp: "find",
	vocabulary.Remove: "take off the list", vocabulary.Free: "free", vocabulary.FreeAndClear: "free",
}
