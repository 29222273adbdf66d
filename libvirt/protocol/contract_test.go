package protocol_test

import (
	"context"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/libvirt/protocol"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// releases are those in which libvirt's protocols were as they are shipped.
var releases = map[string]string{
	"libvirt-2009-11": "0.7.4", "libvirt-2009-12": "0.7.5", "libvirt-2010-07": "0.8.3", "libvirt-2011-04": "0.9.2",
	"libvirt-2011-07": "0.9.4", "libvirt-2011-08": "0.9.5", "libvirt-2012-08": "0.10.0", "libvirt-2013-02": "1.0.3",
	"libvirt-2014-12": "1.2.11", "libvirt-2015-01": "1.2.12", "libvirt-2016-02": "1.3.2", "libvirt-2018-06": "4.5.0",
	"libvirt-2020-02": "6.1.0", "libvirt-2023-01": "9.0.0",
}

// What is said to be held where a helper waits is what its C holds there, in every era.
func TestContracts(t *testing.T) {
	t.Parallel()
	waits := 0
	for _, p := range scenarios.Protocols() {
		version, ok := releases[p.Name]
		if !ok {
			if strings.HasPrefix(p.Name, "libvirt-") {
				t.Errorf("of which release is %s?", p.Name)
			}
			continue
		}
		w := &helpers{functions: functionsOf(t, &p)}
		for _, name := range slices.Sorted(maps.Keys(w.functions)) {
			if !shipped.MatchString(name) {
				continue
			}
			if strings.HasSuffix(name, "Internal") { // a part of the others
				continue
			}
			*w = helpers{functions: w.functions, held: map[protocol.Class]bool{}, touched: map[protocol.Class]bool{}}
			w.call(name, nil)
			caller := " qemuDomainSuspend virDomainSuspend"
			if strings.Contains(name, "WithDriver") {
				caller = " qemudDomainMigratePerform virDomainMigratePerform"
			}
			byStack := map[string][]map[protocol.Class]bool{} // one function may wait at several places
			for _, x := range w.found {
				for _, c := range w.entry { // what it must have had all along
					if !x.touched[c] {
						x.held[c] = true
					}
				}
				byStack[x.stack] = append(byStack[x.stack], x.held)
			}
			for stack, all := range byStack {
				waits++
				var is []string
				for _, c := range []protocol.Class{protocol.Agent, protocol.Domain, protocol.Driver, protocol.Monitor} {
					n := 0
					for _, held := range all {
						if held[c] {
							n++
						}
					}
					switch n {
					case 0:
					case len(all):
						is = append(is, string(c))
					default:
						is = append(is, string(c)+"?")
					}
				}
				said := strings.Fields(holds(read(t, stack+caller+api, at(version))))
				slices.Sort(said)
				if !slices.Equal(said, is) {
					t.Errorf("libvirt %s: %s: said to hold %v, and holds %v (%s)", version, stack, said, is, p.Name)
				}
			}
		}
	}
	if waits < 100 {
		t.Errorf("only %d places at which helpers wait", waits)
	}
}

// shipped are the helpers that libvirt has under these names. Others are parts of them.
var shipped = regexp.MustCompile(`^qemuDomainObj(?:Begin\w*Job\w*|(?:Enter|Exit)(?:Monitor|Agent|Remote)\w*)$`)

func functionsOf(t *testing.T, p *scenarios.Protocol) map[string]*syntax.FuncDef {
	t.Helper()
	opt := syntax.Options{Include: func(from model.Pos, name string) (syntax.Source, error) {
		for _, f := range p.Files {
			if f.Name == path.Join(path.Dir(from.File), name) {
				return f, nil
			}
		}
		return syntax.Source{}, fmt.Errorf("no %s", name)
	}}
	out := map[string]*syntax.FuncDef{}
	for _, d := range syntax.NewParser(context.Background(), opt).Parse(p.Files[0]).Decls {
		if f, ok := d.(*syntax.FuncDef); ok {
			out[f.Name] = f
		}
	}
	return out
}

// helpers follows a helper from its first line to its last, with all that it calls.
type helpers struct {
	functions map[string]*syntax.FuncDef
	stack     []string // of functions that libvirt has, the outermost first
	depth     int
	held      map[protocol.Class]bool
	touched   map[protocol.Class]bool // locked or unlocked since it was called
	entry     []protocol.Class        // what it requires to be held
	found     []place
	flags     map[string]bool // parameters of the function that are true or false
}

// A place is one at which a helper may wait.
type place struct {
	stack   string
	held    map[protocol.Class]bool
	touched map[protocol.Class]bool
}

func (h *helpers) call(name string, args []syntax.Expr) {
	f := h.functions[name]
	if f == nil || h.depth == 8 {
		return
	}
	if shipped.MatchString(name) {
		h.stack = append(h.stack, name)
		defer func() { h.stack = h.stack[:len(h.stack)-1] }()
	}
	flags, before := map[string]bool{}, h.flags
	for i, a := range args {
		if x, known := h.truth(a); known && i < len(f.Type.Params) {
			flags[f.Type.Params[i].Name] = x
		}
	}
	h.flags = flags
	h.depth++
	h.stmt(f.Body)
	h.depth--
	h.flags = before
}

// truth is a condition of which it is known whether it holds.
func (h *helpers) truth(x syntax.Expr) (holds, known bool) {
	switch x := x.(type) {
	case *syntax.Unary:
		holds, known = h.truth(x.X)
		return !holds, known && x.Op == "!"
	case *syntax.Ident:
		if x.Name == "true" || x.Name == "false" {
			return x.Name == "true", true
		}
		holds, known = h.flags[x.Name]
	}
	return holds, known
}

// stmt follows a statement. What is done on a way that leaves the function does not count behind
// it. It reports whether it leaves.
func (h *helpers) stmt(s syntax.Stmt) (leaves bool) {
	branch := func(s syntax.Stmt) {
		held, touched := maps.Clone(h.held), maps.Clone(h.touched)
		if s != nil && h.stmt(s) {
			h.held, h.touched = held, touched
		}
	}
	switch s := s.(type) {
	case *syntax.Block:
		for _, x := range s.List {
			if h.stmt(x) {
				return true
			}
		}
	case *syntax.If:
		if holds, known := h.truth(s.Cond); known {
			if holds {
				return h.stmt(s.Then)
			}
			return s.Else != nil && h.stmt(s.Else)
		}
		h.expr(s.Cond)
		branch(s.Then)
		branch(s.Else)
	case *syntax.While:
		h.expr(s.Cond)
		branch(s.Body)
	case *syntax.Label:
		return h.stmt(s.Body)
	case *syntax.Return:
		h.expr(s.X)
		return true
	case *syntax.Goto:
		return true
	default:
		h.expr(s)
	}
	return false
}

func (h *helpers) expr(n syntax.Node) {
	if n == nil || n == syntax.Expr(nil) {
		return
	}
	syntax.Walk(n, func(n syntax.Node) bool {
		c, ok := n.(*syntax.Call)
		if !ok {
			return true
		}
		name := syntax.Format(c.Fun)
		switch {
		case name == "check" || name == "requires":
			h.requires(c.Args[len(c.Args)-1], true)
			return false
		case strings.HasPrefix(name, "virCondWait"):
			h.wait("pthread_cond_wait "+name, protocol.Domain)
		case strings.HasSuffix(name, "Lock") && len(c.Args) == 1:
			if class := classOf(name, c.Args[0]); class != "" {
				h.wait(blocked+name, class)
				h.held[class], h.touched[class] = true, true
			}
		case strings.HasSuffix(name, "Unlock") && len(c.Args) == 1:
			if class := classOf(name, c.Args[0]); class != "" {
				delete(h.held, class)
				h.touched[class] = true
			}
		default:
			for _, a := range c.Args {
				h.expr(a)
			}
			h.call(name, c.Args)
		}
		return false
	})
}

// requires takes what must be held, of what has not been locked or unlocked so far.
func (h *helpers) requires(x syntax.Expr, holds bool) {
	switch x := x.(type) {
	case *syntax.Unary:
		h.requires(x.X, holds != (x.Op == "!"))
	case *syntax.Binary:
		switch is, known := h.truth(x.Y); {
		case x.Op == "&&":
			h.requires(x.X, holds)
			h.requires(x.Y, holds)
		case x.Op == "==" && known:
			h.requires(x.X, holds == is)
		}
	case *syntax.Call:
		if class := classOf("", x.Args[0]); syntax.Format(x.Fun) == "held" && holds && class != "" && !h.touched[class] {
			h.entry = append(h.entry, class)
		}
	}
}

// wait keeps a place at which the helper waits for a lock, or sleeps with it let go of.
func (h *helpers) wait(inner string, class protocol.Class) {
	held, touched := maps.Clone(h.held), maps.Clone(h.touched)
	delete(held, class)
	touched[class] = true
	stack := inner
	for _, f := range slices.Backward(h.stack) {
		stack += " " + f
	}
	h.found = append(h.found, place{stack, held, touched})
}

// classOf is the class of a lock, by who locks it and by what is locked.
func classOf(function string, x syntax.Expr) protocol.Class {
	text := syntax.Format(x)
	switch {
	case strings.HasPrefix(function, "qemuDriver"):
		return protocol.Driver
	case strings.HasPrefix(function, "virDomainObj"):
		return protocol.Domain
	case strings.HasPrefix(function, "qemuMonitor"):
		return protocol.Monitor
	case strings.HasPrefix(function, "qemuAgent"):
		return protocol.Agent
	case strings.Contains(strings.ToLower(text), "job"):
		return ""
	case strings.Contains(text, "mon->") || strings.HasSuffix(text, "mon"):
		return protocol.Monitor
	case strings.Contains(text, "agent->") || strings.HasSuffix(text, "agent"):
		return protocol.Agent
	case strings.Contains(text, "drv") || strings.Contains(text, "driver"):
		return protocol.Driver
	case strings.Contains(text, "vm") || strings.Contains(text, "obj"):
		return protocol.Domain
	}
	return ""
}
