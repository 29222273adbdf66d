package crosscheck

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		"virMutexLock(&drv->lock)":       "virMutexLock(&drv->lock)",
		"a == b && *p / 2 != -1":         "a == b && * p / 2 != -1",
		"testdata/engines.yaml:17 f":     "testdata/engines.yaml:17 f",
		"*/ c_code {} /*":                "* / c_code {} / *",
		"(*)":                            "( * )",
		"/**/":                           "/ * * /",
		"the caller's \"lock\"":          "the caller`s `lock`",
		"a\r\n#define b\\\n*\\\n/":       "a  _define b_ * _ /",
		"i-- // ??/ ====":                "i- - / / ? ?/ == ==",
		"\xff\u65e5\u2028\x00\x85x":      "__  _x",
		"$(id)":                          "_(id)",
		strings.Repeat("x", 2*maxQuote):  strings.Repeat("x", maxQuote) + " ...",
		"  indented, and spaces behind ": "  indented, and spaces behind",
	} {
		if got := quote(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestQuoteProperties looks at what nobody may read in a comment.
func TestQuoteProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawn(t)
		q := quote(text)
		if quote(q) != q && len(q) < maxQuote {
			t.Fatalf("%q: twice %q", q, quote(q))
		}
		if len(q) > maxQuote+len(" ...")+1 {
			t.Fatalf("%d bytes", len(q))
		}
		for i := range len(q) {
			if q[i] < ' ' || q[i] > '~' {
				t.Fatalf("%q is not printable", q)
			}
		}
		for _, bad := range []string{"*/", "/*", "(*", "*)", "**", "\\", "//", "??", "--", "===", "#", "$", "'", "\"", "  */"} {
			if strings.Contains(" "+q+" ", bad) {
				t.Fatalf("%q contains %q", q, bad)
			}
		}
	})
}

// TestConversions reads this package: only the files that make text harmless turn into code what is
// not a constant.
func TestConversions(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"code.go", "names.go", "quote.go"}
	seen := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if writesText(n) && name != "code.go" && name != "workshop.go" {
				t.Errorf("%s: text is written past printf", fset.Position(n.Pos()))
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return true
			}
			if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "code" {
				seen++
				if _, constant := call.Args[0].(*ast.BasicLit); !constant && !slices.Contains(allowed, name) {
					t.Errorf("%s: a string becomes code", fset.Position(n.Pos()))
				}
			}
			return true
		})
	}
	if seen < 10 {
		t.Errorf("only %d conversions", seen)
	}
}

// writesText finds x.text.F, for any F that is not a question, and &x.text.
func writesText(n ast.Node) bool {
	isText := func(e ast.Expr) bool {
		s, ok := e.(*ast.SelectorExpr)
		return ok && s.Sel.Name == "text"
	}
	switch n := n.(type) {
	case *ast.SelectorExpr:
		return isText(n.X) && n.Sel.Name != "String"
	case *ast.UnaryExpr:
		return n.Op == token.AND && isText(n.X)
	}
	return false
}

// TestInspect refuses models with something in them that no writer of ours writes, wherever it came
// from.
func TestInspect(t *testing.T) {
	pl, err := newPlan(program(t, "filled-twice"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := newPromela(pl, Options{})
	if err != nil {
		t.Fatal(err)
	}
	pml, err := m.render()
	if err != nil {
		t.Fatal(err)
	}
	module, err := pl.tla(Options{})
	if err != nil {
		t.Fatal(err)
	}
	writer := &tla{plan: pl, name: "Scenario"}
	for _, text := range []string{
		"c_code { x }", "c_expr { 1 }", "c_decl {}", "c_state \"x\"", "c_track", "#include <x>", " #define a 1", "#define system 1", "# 1", "\\",
		"ltl p { }", "never", "printf(\"\")", "\"", "'", "system", "??=", "@", "$", "\x00", "\r", "\u00e9", "//", "/* /* */", "/* # */", "/* \\\n */",
		"/*", "/* *x */", "/* ' */", "/* \" */", "L1x", "inline", "init", "D_proctype", "`",
	} {
		for _, at := range []int{0, strings.Index(pml, "active"), len(pml)} {
			if err := inspect(pml[:at]+text+"\n"+pml[at:], m.dialect()); err == nil {
				t.Errorf("%q passes in Promela, at %d", text, at)
			}
		}
	}
	for _, text := range []string{
		"IOUtils", "INSTANCE x", "\"x\"", "\"", "(* (* *)", "(*", "(* \\* *)", "\\* # \n", "\\* (*\n", "\\* *)\n", "%", "$", "&", "IOExec", "\r", "\x00",
		"\u00e9", "LET", "`",
	} {
		for _, at := range []int{0, strings.Index(module, "VARIABLES"), len(module)} {
			if err := inspect(module[:at]+text+"\n"+module[at:], writer.dialect()); err == nil {
				t.Errorf("%q passes in TLA+, at %d", text, at)
			}
		}
	}
	if err := inspect(strings.Repeat(" ", maxModel+1), m.dialect()); err == nil || !strings.Contains(err.Error(), "64 MB") {
		t.Errorf("a long model: %v", err)
	}
	// Whoever forgets to quote is not run.
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) {
			pl, err := newPlan(program(t, "filled-twice"))
			if err != nil {
				t.Fatal(err)
			}
			pl.names.locks[0] = "x; c_code { system(0); }"
			switch engine {
			case SPIN:
				m, err := newPromela(pl, Options{})
				if err != nil {
					t.Fatal(err)
				}
				_, err = m.render()
				refused(t, err)
			case TLC:
				_, err = pl.tla(Options{})
				refused(t, err)
			}
		})
	}
}

func refused(t *testing.T, err error) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), "does not belong there") {
		t.Errorf("error %v", err)
	}
}
