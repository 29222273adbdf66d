package scenarios

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lockproof/lockproof/csource/syntax"
)

// many writes n copies of a text, with the number of each, from 0, for %d and the next one for %n.
func many(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(text, "%d", strconv.Itoa(i)), "%n", strconv.Itoa(i+1)))
	}
	return b.String()
}

// grown makes a suite of one scenario with a C file.
func grown(c string) fstest.MapFS {
	return fstest.MapFS{"s.yaml": {Data: []byte(head + "- {name: a, threads: [\"f()\"], expect: ok}\n")}, "x.c": {Data: []byte(c)}}
}

const (
	head  = "suite: s\nsources: [x.c]\nscenarios:\n"
	empty = "void f(void) {}\n"
)

func in(body string) string { return "void f(void) {" + body + "}" }

// growing are constructs of C and YAML at a size at which work that grows with its square takes far
// more than seconds.
var growing = map[string]func() fstest.MapFS{
	"cases": func() fstest.MapFS {
		return grown(in("int x = 3; switch (x) {" + many(20_000, "case %d: break;\n") + "}"))
	},
	"ranges": func() fstest.MapFS {
		return grown(in("int x = 3; switch (x) {" + many(20_000, "case %d00 ... %d09: break;\n") + "}"))
	},
	"equal cases": func() fstest.MapFS {
		return grown(in("int x = 3; switch (x) {" + many(20_000, "case 1: break;\n") + "}"))
	},
	"stacked cases": func() fstest.MapFS { return grown(in("int x = 3; switch (x) {" + many(19_000, "case %d: ") + ";}")) },
	"globals":       func() fstest.MapFS { return grown("int a" + many(100_000, ", b%d") + ";" + empty) },
	"globals read": func() fstest.MapFS {
		return grown(many(40_000, "int b%d;\n") + in("int x;"+many(40_000, "x = b%d;\n")))
	},
	"globals twice":  func() fstest.MapFS { return grown(many(100_000, "int b;\n") + empty) },
	"initial values": func() fstest.MapFS { return grown("int b0;" + many(60_000, "int b%n = b%d;\n") + empty) },
	"faults":         func() fstest.MapFS { return grown(many(40_000, "int b%d;\n") + in(many(40_000, "bb%d = 1;\n"))) },
	"unknown calls":  func() fstest.MapFS { return grown(many(20_000, "void g%d(void) {}\n") + in(many(40_000, "gg%d();\n"))) },
	"unknown fields": func() fstest.MapFS {
		return grown("struct s {" + many(20_000, "int a%d;\n") + "} o;" + in(many(40_000, "o.aa%d = 1;\n")))
	},
	"unknown types": func() fstest.MapFS {
		return grown(many(20_000, "typedef int a%d_t;\n") + in(many(20_000, "aa%d_t *x;\n")))
	},
	"faults of steps": func() fstest.MapFS { return grown("int s;" + in("int x, y;"+many(20_000, "y = x + 1;\n"))) },
	"syntax errors":   func() fstest.MapFS { return grown(many(50_000, "int = 1;\n")) },
	"fields": func() fstest.MapFS {
		return grown("struct s {" + many(20_000, "int a%d;\n") + "} o;" + in("int x;"+many(20_000, "x = o.a%d;\n")))
	},
	"structs":     func() fstest.MapFS { return grown(many(20_000, "struct s%d { int x; } o%d;\n") + empty) },
	"enumerators": func() fstest.MapFS { return grown("enum {" + many(100_000, "e%d,\n") + "};" + empty) },
	"constants":   func() fstest.MapFS { return grown("enum { e0" + many(20_000, ", e%n = e%d + 1") + "};" + empty) },
	"typedefs":    func() fstest.MapFS { return grown(many(100_000, "typedef int t%d;\n") + empty) },
	"functions":   func() fstest.MapFS { return grown(many(15_000, "void g%d(void) {}\n") + in(many(15_000, "g%d();\n"))) },
	"recursion": func() fstest.MapFS {
		return grown(many(900, "void g%d(void) {"+many(100, "g0();")+"g%n(); }\n") + "void g900(void) {}" + empty)
	},
	"arguments":  func() fstest.MapFS { return grown("void g(void) {}" + in("g("+many(40_000, "1 + %d, ")+"1);")) },
	"statements": func() fstest.MapFS { return grown(in("int x = 0;" + many(20_000, "x = x + 1;\n"))) },
	"shared":     func() fstest.MapFS { return grown("int s;" + in(many(15_000, "s = 1;\n"))) },
	"blocks":     func() fstest.MapFS { return grown(in(many(20_000, "{ int l = %d; l++; }\n"))) },
	"locals": func() fstest.MapFS {
		return grown("int s;" + in(many(900, "int l%d = %d;\n")+many(900, "s = l%d > 9;\n")))
	},
	"gotos": func() fstest.MapFS {
		return grown(in("int x = 1; goto l20000;" + many(20_000, "l%n: x = x + 1; goto l%d;\n") + "l0: ;"))
	},
	"gotos ahead": func() fstest.MapFS {
		return grown(in("int x = 1;" + many(20_000, "if (x == %n) goto end;\n") + "end: ;"))
	},
	"operators": func() fstest.MapFS {
		return grown(in(many(300, "{ int x = 0; x = "+strings.Repeat("x + (", 60)+"x"+strings.Repeat(")", 60)+"; }\n")))
	},
	"commas":      func() fstest.MapFS { return grown(in("int x; x = 1" + many(50_000, ", x = 2") + ";")) },
	"strings":     func() fstest.MapFS { return grown(in("VIR_DEBUG(" + many(50_000, "\"a%d\"\n") + ");")) },
	"initialiser": func() fstest.MapFS { return grown("int x = {" + many(100_000, "%d,") + "};" + empty) },
	"attributes": func() fstest.MapFS {
		return grown(many(99, "ATTRIBUTE_UNUSED ") + "int a" + many(60_000, ", b%d") + ";" + empty)
	},
	"macros": func() fstest.MapFS {
		return grown(many(20_000, "#define M%d %d\n") + in("int x;"+many(20_000, "x = M%d;\n")))
	},
	"parameters": func() fstest.MapFS {
		return grown("#define M(a" + many(30_000, ", p%d") + ") " + many(30_000, "p%d;") + "\n" + in("M(1"+many(30_000, ", 2")+")"))
	},
	"conditionals": func() fstest.MapFS { return grown(many(20_000, "#if 1\n") + many(20_000, "#endif\n") + empty) },
	"comments":     func() fstest.MapFS { return grown(many(100_000, "/* %d */ // x\\\n\n") + empty) },
	"splices":      func() fstest.MapFS { return grown("int a" + many(100_000, "a\\\n") + ";" + empty) },
	"thread args":  func() fstest.MapFS { return thread("f(" + many(50_000, "%d, ") + "1)") },
	"scenarios": func() fstest.MapFS {
		return listed(empty, many(5_000, "- {name: a%d, threads: [\"f()\"], expect: ok}\n"))
	},
	"same scenarios": func() fstest.MapFS {
		return listed(empty, many(10_000, "- {name: a, threads: [\"f()\"], expect: ok}\n"))
	},
	"faulty threads": func() fstest.MapFS {
		return listed(many(5_000, "void g%d(void) {}\n")+empty, many(5_000, "- {name: a%d, threads: [\"gg%d()\"], expect: ok}\n"))
	},
	"faulty C": func() fstest.MapFS {
		return listed(in(many(10_000, "x%d = 1;\n")), many(5_000, "- {name: a%d, threads: [\"f()\"], expect: ok}\n"))
	},
	"levels": func() fstest.MapFS {
		return listed(empty, "- {name: a, threads: [\"f()\"], expect: ok}\norder: [a"+many(50_000, ", b%d")+"]\n")
	},
	"threads": func() fstest.MapFS {
		return listed(empty, "- name: a\n  expect: ok\n  threads:\n"+many(50_000, "  - f()\n"))
	},
	"keys":     func() fstest.MapFS { return listed(empty, many(20_000, "- {name: a, k%d: 1}\n")) },
	"one line": func() fstest.MapFS { return listed(empty, "["+many(50_000, "é%d, ")+"]\n") },
	"tabs":     func() fstest.MapFS { return listed(empty, "[a"+many(100_000, ",\ta")+"]\n") },
	"anchors":  func() fstest.MapFS { return listed(empty, many(20_000, "- [&a%d a, *a%d]\n")) },
	"folded":   func() fstest.MapFS { return listed(empty, "- name: a\n  why: >\n"+many(100_000, "    word\n")) },
	"yaml comments": func() fstest.MapFS {
		return listed(empty, many(100_000, "# a\n")+"- {name: a, threads: [\"f()\"], expect: ok}\n")
	},
	"suites":   suitesOf(1_000),
	"includes": included(1_000),
	"one include": func() fstest.MapFS {
		fs := grown(many(30_000, "#include \"h.h\"\n") + empty)
		fs["h.h"] = &fstest.MapFile{}
		return fs
	},
}

func listed(c, scenarios string) fstest.MapFS {
	return fstest.MapFS{"s.yaml": {Data: []byte(head + scenarios)}, "x.c": {Data: []byte(c)}}
}

func thread(call string) fstest.MapFS {
	return listed(empty, "- {name: a, threads: [\""+call+"\"], expect: ok}\n")
}

func suitesOf(n int) func() fstest.MapFS {
	return func() fstest.MapFS {
		all := grown(empty)
		for i := range n {
			all[fmt.Sprintf("s%d.yaml", i)] = &fstest.MapFile{Data: []byte(strings.Replace(string(all["s.yaml"].Data), "suite: s", fmt.Sprintf("suite: s%d", i), 1))}
		}
		return all
	}
}

func included(n int) func() fstest.MapFS {
	return func() fstest.MapFS {
		all := grown(many(n, "#include \"h%d.h\"\n") + empty)
		for i := range n {
			all[fmt.Sprintf("h%d.h", i)] = &fstest.MapFile{Data: []byte(many(n/10, "#include \"h%d.h\"\n"))}
		}
		return all
	}
}

// TestGrowth reads and lowers each of them. The limit is for what does not end: each takes a tenth
// of a second.
func TestGrowth(t *testing.T) {
	for name, files := range growing {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			suites, err := LoadFS(ctx, files(), ".")
			var all []*Scenario
			for _, s := range suites {
				all = append(all, s.Scenarios...)
			}
			if err == nil {
				err = Check(ctx, all)
			}
			var ds syntax.Diagnostics
			if err != nil && !errors.As(err, &ds) {
				t.Fatal(err)
			}
			if len(ds) > syntax.MaxDiagnostics+1 || err != nil && len(err.Error()) > 100_000 {
				t.Errorf("%d diagnostics in %d bytes", len(ds), len(err.Error()))
			}
		})
	}
}
