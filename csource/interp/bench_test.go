package interp_test

import (
	"testing"

	"github.com/lockproof/lockproof/csource/interp"
)

// idle is a host that costs next to nothing: what is measured is the interpreter.
type idle struct{ domain, private, monitor int }

func (h *idle) Provides(name string) bool { return idleCalls[name] }

var idleCalls = map[string]bool{
	"virMutexLock": true, "virMutexUnlock": true, "virCondWait": true, "virCondSignal": true, "virDomainObjRef": true,
	"virDomainObjUnref": true, "listFind": true, "access": true,
}

func (h *idle) Silent(name string) bool { return name == "check" || name == "requires" }

func (h *idle) Call(_ interp.Site, name string, args []interp.Value) interp.Value {
	if name == "listFind" {
		return args[0]
	}
	return interp.Value{}
}

func (h *idle) Field(_ any, name string) (interp.Value, bool) {
	switch name {
	case "privateData":
		return interp.Value{Object: &h.private}, true
	case "mon":
		return interp.Value{Object: &h.monitor}, true
	}
	return interp.Value{}, true
}

func (h *idle) Address(o any, _ string) (interp.Value, bool) { return interp.Value{Object: o}, true }
func (h *idle) SetField(any, string, interp.Value) bool      { return true }
func (h *idle) Global(string) (interp.Value, bool)           { return interp.Value{Object: h}, true }

// BenchmarkModify runs the mail's second pattern down to its locks: 19 calls of the host and 20 of
// functions with a body.
func BenchmarkModify(b *testing.B) {
	p, h := interp.New(suiteFiles(b, "call-patterns")), &idle{}
	if ds := p.Check("modify", h); len(ds) > 0 {
		b.Fatal(ds)
	}
	args := []interp.Value{{Object: &h.domain}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Run(h, "modify", args); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoop is the interpreter without a host: some 4000 statements.
func BenchmarkLoop(b *testing.B) {
	src := "int f(int n) { int a = 0; for (int i = 0; i < n; i++) { if (i % 3 == 1) continue; a += i * 2 - 1; } return a; }"
	p := interp.New(parse(b, withPrelude(src)...))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Run(&idle{}, "f", []interp.Value{{Int: 1000}}); err != nil {
			b.Fatal(err)
		}
	}
}
