package syntax

import (
	"fmt"
	"strings"
	"testing"
)

func TestErrors(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"missing semicolon at a line's end", "void f(void)\n{\n    a = 1\n    b = 2;\n    c()\n}", "t.c:3:10: expected `;` after expression, found `b`\nt.c:5:8: expected `;` after expression, found `}`"},
		{"missing semicolon in a line", "void f(void) { a = 1 b = 2; c(); }", "t.c:1:21: expected `;` after expression, found `b`"},
		{"missing semicolon after return", "int f(void)\n{\n    return 1\n}", "t.c:3:13: expected `;` after `return`, found `}`"},
		{"missing semicolon after break", "void f(void) { for (;;) { break } }", "t.c:1:32: expected `;` after `break`, found `}`"},
		{"missing semicolon after a declaration", "int a\nint b;", "t.c:1:6: expected `;` after declaration, found `int`"},
		{"missing semicolon after a struct", "struct s { int a; }\nint f(void) { return 1; }", "t.c:2:1: two types in one declaration (a `;` may be missing before the second)"},
		{"missing semicolon after a field", "struct s {\n    int a\n    int b;\n};", "t.c:2:10: expected `;` after field, found `int`"},
		{"missing semicolon after do", "void f(void) { do { a(); } while (1) }", "t.c:1:37: expected `;` after `do ... while`, found `}`"},
		{"missing parenthesis in a call", "void f(void)\n{\n    g(a, b;\n    h();\n}", "t.c:3:11: expected `)`, found `;` (to close the `(` at 3:6)"},
		{"missing parenthesis in an if", "void f(void)\n{\n    if (a {\n        b();\n        c(;\n    }\n}", "t.c:3:11: expected `)`, found `{` (to close the `(` at 3:8)\nt.c:5:11: expected an expression, found `;`"},
		{"missing opening parenthesis", "void f(void) { if a) b(); while c; }", "t.c:1:19: expected `(` after `if`, found `a`\nt.c:1:33: expected `(` after `while`, found `c`"},
		{"missing bracket", "void f(void) { a[1 = 2; b[; }", "t.c:1:23: expected `]`, found `;` (to close the `[` at 1:17)\nt.c:1:27: expected an expression, found `;`"},
		{"missing colon", "void f(void) { a ? b; switch (x) { case 1 b(); } }", "t.c:1:21: expected `:` in the conditional expression, found `;`\nt.c:1:43: expected `:` after `case`, found `b`"},
		{"missing operand", "void f(void)\n{\n    a = ;\n    b = c +;\n    d(,);\n    e(x,);\n}", "t.c:3:9: expected an expression, found `;`\nt.c:4:12: expected an expression, found `;`\nt.c:5:7: expected an expression, found `,`\nt.c:6:9: expected an expression, found `)`"},
		{"missing field name", "void f(void) { a->; b.1; }", "t.c:1:19: expected a field name, found `;`\nt.c:1:22: expected `;` after expression, found `.1`"},
		{"else without if", "void f(void)\n{\n    if (a)\n        b();\n        c();\n    else\n        d();\n    e(;\n}", "t.c:6:5: `else` without `if`\nt.c:8:7: expected an expression, found `;`"},
		{"if without body", "void f(void) { if (a) }", "t.c:1:23: expected a statement, found `}`"},
		{"do without while", "void f(void) { do a(); b(); }", "t.c:1:24: expected `while` after the body of `do`, found `b`"},
		{"for with commas", "void f(void) { for (i = 0, i < 3, i++) { a(); } }", "t.c:1:38: expected `;` in `for`, found `)`"},
		{"goto nowhere", "void f(void) { goto; }", "t.c:1:20: expected a label after `goto`, found `;`"},
		{"unmatched brace at file scope", "void f(void)\n{\n}\n}\nint x = ;", "t.c:4:1: `}` without a matching `{`\nt.c:5:9: expected an expression, found `;`"},
		{"unmatched brace in a function", "void f(void)\n{\n    if (a)\n        b();\n    }\n    c();\n    d(;\n}\nint x;", "t.c:5:5: `}` without a matching `{`\nt.c:7:7: expected an expression, found `;`"},
		{"missing brace before a function", "void f(void)\n{\n    if (a) {\n        b();\n}\n\nstatic int g(void)\n{\n    return ;;\n    h(;\n}", "t.c:5:2: expected `}` before the definition of `g` (the `{` at 2:1 is never closed)\nt.c:10:7: expected an expression, found `;`"},
		{"missing brace at the end", "void f(void)\n{\n    if (a) {\n        b();\n}\n", "t.c:5:2: expected `}`, found end of file (the `{` at 2:1 is never closed)"},
		{"missing brace of a struct", "struct s {\n    int a;\nvoid f(void) { }", "t.c:3:13: expected `;` after field, found `{`\nt.c:3:17: expected `}`, found end of file (the `{` at 1:10 is never closed)"},
		{"unknown type of a variable", "void f(void)\n{\n    virMutx *m;\n    virCnd c;\n    foo x = 1, y;\n    foo z[3];\n}", "t.c:3:5: unknown type `virMutx` (did you mean `virMutex`?)\nt.c:4:5: unknown type `virCnd` (did you mean `virCond`?)\nt.c:5:5: unknown type `foo`\nt.c:6:5: unknown type `foo`"},
		{"unknown type elsewhere", "foo a;\nstruct s { foo *b; };\nint f(foo c, bar *);\nvoid g(void) { h((foo *) a); k((foo) b); }", "t.c:1:1: unknown type `foo`\nt.c:2:12: unknown type `foo`\nt.c:3:7: unknown type `foo`\nt.c:3:14: unknown type `bar`\nt.c:4:19: unknown type `foo`\nt.c:4:33: unknown type `foo`"},
		{"own types are suggested", "typedef struct o virDomainObj;\nvoid f(virDomanObj *o);", "t.c:2:8: unknown type `virDomanObj` (did you mean `virDomainObj`?)"},
		{"misspelled keyword", "int f(int a)\n{\n    retrun a;\n}", "t.c:3:5: unknown type `retrun` (did you mean `return`?)"},
		{"no type", "static f(void);\nfoo(1);\n = 3;", "t.c:1:8: expected a type before `f`\nt.c:2:1: expected a type before `foo`: only declarations can stand outside a function\nt.c:3:2: expected a declaration, found `=`"},
		{"statement at file scope", "if (a) b();\nint c;", "t.c:1:1: expected a declaration, found `if`"},
		{"no name", "int;\nint *;\nstruct { int a; int; };\nstruct;\nenum;", "t.c:1:4: expected a name, found `;`\nt.c:2:6: expected a name, found `;`\nt.c:3:20: expected a field name, found `;`\nt.c:4:7: expected a name or `{` after `struct`, found `;`\nt.c:5:5: expected a name or `{` after `enum`, found `;`"},
		{"bad parameters", "int f(int a, );\nint g(1);\nint h(int a b);", "t.c:1:14: expected a parameter, found `)`\nt.c:2:7: expected a parameter type, found `1`\nt.c:3:13: expected `)`, found `b` (to close the `(` at 3:6)"},
		{"bad enum", "enum e { A, 1, B };\nint x;", "t.c:1:13: expected `,` or `}` in the enum, found `1`"},
		{"bad initialiser", "int a[] = { 1 2 };\nint b[] = { .x 1 };\nint c[] = { [1 = 2 };\nint d = { . };", "t.c:1:15: expected `,` or `}` in the initialiser, found `2`\nt.c:2:16: expected `=` after the designator, found `1`\nt.c:3:16: expected `]`, found `=` (to close the `[` at 3:13)\nt.c:4:13: expected a field name, found `}`"},
		{"bad attribute", "int a __attribute__(refcount);\nint b __attribute__((1));\nint c __attribute__((init(1));", "t.c:1:21: expected `(` after `__attribute__(`, found `refcount`\nt.c:2:22: expected an attribute, found `1`\nt.c:3:30: expected `)`, found `;` (to close the `(` at 3:20)"},
		{"bad numbers", "int a = 08, b = 1x, c = 99999999999999999999, d = 1.2.3, e = 0x, g = 1_0;", "t.c:1:9: malformed number `08`\nt.c:1:17: malformed number `1x`\nt.c:1:25: number `99999999999999999999` is too large\nt.c:1:51: malformed number `1.2.3`\nt.c:1:62: malformed number `0x`\nt.c:1:70: malformed number `1_0`"},
		{"bad characters", "int a = '', b = '\\q';\nchar *c = \"\\y\";", "t.c:1:9: empty character constant\nt.c:1:17: unknown escape sequence in `'\\q'`\nt.c:2:11: unknown escape sequence in `\"\\y\"`"},
		{"unclosed string", "void f(void)\n{\n    g(\"abc);\n    h(;\n}", "t.c:3:7: string is never closed\nt.c:4:7: expected an expression, found `;`"},
		{"unclosed comment", "int a;\n/* b\nint c;", "t.c:2:1: comment is never closed"},
		{"stray character", "void f(void) { a = @; b = `; }", "t.c:1:20: expected an expression, found `@`\nt.c:1:27: expected an expression, found ```"},
		{"one error a statement", "void f(void) { a b c d e f; g + + ; h; }", "t.c:1:17: expected `;` after expression, found `b`\nt.c:1:35: expected an expression, found `;`"},
		{"one error a call over lines", "void f(void)\n{\n    g(a,\n      ),\n      b;\n    h();\n}", "t.c:3:9: expected an expression, found `)`"},
		{"two strings and a name", "void f(void) { g(\"a\" foo \"b\"); }", "t.c:1:22: expected `)`, found `foo` (to close the `(` at 1:17)"},
		{"nested function", "void f(void)\n{\n    int g(int a) { return a; }\n}", "t.c:3:5: g is defined inside of a function, which cannot be modelled (move it to file scope)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, diags := parseText(Strict, tt.src)
			compare(t, diags.Error(), tt.want)
		})
	}
}

func TestTooManyErrors(t *testing.T) {
	_, diags := parseText(Strict, strings.Repeat("int = 1;\n", 80))
	if len(diags) != MaxDiagnostics+1 {
		t.Fatalf("%d diagnostics", len(diags))
	}
	compare(t, diags[MaxDiagnostics].String(), "t.c:51:5: too many errors")
	if last := diags.Err().(Diagnostics)[MaxDiagnostics]; last.Msg != "too many errors" {
		t.Errorf("the last error is %v", last)
	}
}

// tower puts middle between 120 times before and as many times after.
func tower(before, middle, after string) string {
	return strings.Repeat(before, 120) + middle + strings.Repeat(after, 120)
}

// What nests or chains without end is an error, and no crash.
func TestLimits(t *testing.T) {
	const n = 30000
	in := func(body string) string { return "void f(void) { " + body + " }" }
	tests := []struct{ name, src, want string }{
		{"parentheses", in("x = " + strings.Repeat("(", n)), "nested too deeply"},
		{"unary", in("x = " + strings.Repeat("!", n)), "nested too deeply"},
		{"casts", in("x = " + strings.Repeat("(int)", n)), "nested too deeply"},
		{"conditionals", in("x = " + strings.Repeat("a ? b : ", n)), "nested too deeply"},
		{"assignments", in(strings.Repeat("a = ", n)), "nested too deeply"},
		{"blocks", in(strings.Repeat("{", n)), "nested too deeply"},
		{"else if", in(strings.Repeat("if (a) b(); else ", n)), "nested too deeply"},
		{"declarators", "int " + strings.Repeat("(", n), "nested too deeply"},
		{"arrays", "int a" + strings.Repeat("[1]", n) + ";", "nested too deeply"},
		{"parameters", "int " + strings.Repeat("f(int ", n), "nested too deeply"},
		{"structs", strings.Repeat("struct { ", n), "nested too deeply"},
		{"initialisers", "int a = " + strings.Repeat("{", n), "nested too deeply"},
		{"statement expressions", in(strings.Repeat("({", n)), "nested too deeply"},
		{"sum", in("x = " + strings.Repeat("a + ", n) + "a;"), "expression has too many operators"},
		{"members", in("x = a" + strings.Repeat(".b", n) + ";"), "expression has too many operators"},
		{"pointers", "int " + strings.Repeat("*", n) + "p;", "expression has too many operators"},
		{"typeof", strings.Repeat("typeof(", n), "nested too deeply"},
		{"condition", "#if " + strings.Repeat("(", n) + "\n#endif", "nested too deeply"},
		// Sums in parentheses: a tree as high as nesting times chain overflows the stack of whoever
		// walks it.
		{"sums in sums", in("x = " + tower("(", "x", strings.Repeat("+ x", 1990)+")") + ";"), "expression has too many operators"},
		{"pointers to pointers", "int " + tower(strings.Repeat("*", 1990)+"(", "x", ")") + ";", "expression has too many operators"},
		{"condition of sums", "#if " + tower("(", "1", strings.Repeat("+ 1", 1990)+")") + "\n#endif", "expression has too many operators"},
		{"labels", in("switch (1) { " + strings.Repeat("case 1: ", n)), "too many labels on one statement"},
		{"labels in labels", in("switch (1) " + tower("{"+strings.Repeat("case 1: ", 200), ";", "}")), "too many labels on one statement"},
		{"attributes", strings.Repeat("ATTRIBUTE_UNUSED ", n) + "int x;", "more than 100 attributes"},
		{"attributes in one", "int x __attribute__((" + strings.Repeat("a, ", n) + "));", "more than 100 attributes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, diags := parseText(Strict, tt.src)
			if len(diags) == 0 || diags[0].Msg != tt.want {
				t.Errorf("got %.300v, want %q", diags, tt.want)
			}
			Walk(f, func(Node) bool { return true })
			parseText(Tolerant, tt.src)
		})
	}
	big := Source{Name: "t.c", Text: []byte(strings.Repeat(" ", maxSourceBytes+1))}
	_, diags := Parse(big, Options{})
	compare(t, diags.Error(), fmt.Sprintf("t.c:1:1: file `t.c` has %d bytes, more than the limit of %d", maxSourceBytes+1, maxSourceBytes))
}

func TestDidYouMean(t *testing.T) {
	candidates := []string{"virMutex", "virCond", "size_t", "int", "static"}
	tests := []struct{ name, want string }{
		{"virMutx", "did you mean `virMutex`?"},
		{"virmutex", "did you mean `virMutex`?"},
		{"vriMutex", "did you mean `virMutex`?"},
		{"itn", "did you mean `int`?"},
		{"sttaic", "did you mean `static`?"},
		{"size", "did you mean `size_t`?"},
		{"qemuMonitor", ""},
		{"x", ""},
	}
	for _, tt := range tests {
		if got := didYouMean(tt.name, candidates); tt.name != "size" && got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
