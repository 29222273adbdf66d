package syntax

import (
	"strings"
	"testing"
)

func TestTolerant(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"unknown types", "static virDomainPtr\nlookup(virConnectPtr conn, const virUUID uuid, int *n);\nvirFoo a, *b;", "prototype static virDomainPtr lookup(virConnectPtr conn, virUUID uuid, int *n)\nvariable virFoo a\nvariable virFoo *b"},
		{"macros at file scope", "VIR_LOG_INIT(\"a.b\");\nVIR_ENUM_IMPL(virX,\n  LAST, \"a\", \"b\")\nG_BEGIN_DECLS\nint a;\nG_DEFINE_TYPE(x, y, z)\nstatic int b;", "macro VIR_LOG_INIT\nmacro VIR_ENUM_IMPL\nmacro G_BEGIN_DECLS\nvariable int a\nmacro G_DEFINE_TYPE\nvariable static int b"},
		{
			"macro words", "WUR static int f(void) NOTHROW;\nEXPORT virFoo *g(void);\nint CALLBACK h(int a UNUSED, foo *b UNUSED);\nstatic NORETURN void i(void);",
			"prototype static int f(void) [WUR] [NOTHROW]\nprototype virFoo *g(void) [EXPORT]\nprototype int h(int a, foo *b) [CALLBACK]\nprototype static void i(void) [NORETURN]",
		},
		{"function pointer of an unknown type", "typedef nsresult (*getter)(void *self, PRUint32 *count);\ngetter g;", "typedef nsresult (*getter)(void *self, PRUint32 *count)\nvariable getter g"},
		{"implicit type", "main(int argc) { }", "function int main(int argc)\n  block to 1:18"},
		{
			"struct with macros", "struct s { virObject parent; virFoo *x; PAD(3); foo_t (*cb)(bar *); unsigned flags:3; } PACKED;",
			"struct s {...} [PACKED]\n  field virObject parent\n  field virFoo *x\n  field foo_t (*cb)(bar *)\n  field unsigned int flags : 3",
		},
		{"initialisers with macros", "static struct x y[] = { ENTRY(a)\n  ENTRY(b),\n  [FOO] = \"x\" BAR \"y\", };", "variable static struct x y[] = { ENTRY(a), ENTRY(b), [FOO] = \"xy\" BAR }"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, diags := parseText(Tolerant, tt.src)
			compare(t, diags.Error(), "")
			compare(t, dumpOf(t, f), tt.want)
		})
	}
}

func TestTolerantStatements(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"guessed declarations", "virFoo a; virFoo *b = c, d; virFoo **e; foo_t f[3]; virLockGuard l = guard(x);", "variable virFoo a\nvariable virFoo *b = c\nvariable virFoo d\nvariable virFoo **e\nvariable foo_t f[3]\nvariable virLockGuard l = guard(x)"},
		{"attributes", "virFoo *a __attribute__((cleanup(f))) = b; virFoo c __attribute__((unused));", "variable virFoo *a [cleanup(f)] = b\nvariable virFoo c [unused]"},
		{"variables are no types", "int a, b; a * b;", "variable int a\nvariable int b\na * b"},
		{"macros before a type", "g_autofree virFoo *a = NULL; AUTORESTORE virFoo *b = x(); UNUSED int c;", "variable virFoo *a [g_autofree] = NULL\nvariable virFoo *b [AUTORESTORE] = x()\nvariable int c [UNUSED]"},
		{
			"macro types", "g_autoptr(virFoo) a = NULL; g_autoptr(foo) G_GNUC_UNUSED b = NULL; VIR_AUTOPTR(virFoo) c = NULL; VIR_AUTOFREE(char *) d = NULL; STACK_OF(X509) *e = f(); MY(x) g;",
			"variable virFoo *a [g_autoptr] = NULL\nvariable foo *b [g_autoptr] [G_GNUC_UNUSED] = NULL\nvariable virFoo *c [VIR_AUTOPTR] = NULL\nvariable char *d [VIR_AUTOFREE] = NULL\nvariable STACK_OF(X509) *e = f()\nvariable MY(x) g",
		},
		{"guards", "VIR_WITH_OBJECT_LOCK_GUARD(vm) { f(); }\nFOREACH(a, b) g();", "macro block VIR_WITH_OBJECT_LOCK_GUARD(vm)\n  block\n    f()\nmacro block FOREACH(a, b)\n  g()"},
		{"macro lines", "WARNINGS_OFF\nfoo = bar;\nAUTORESTORE(ctxt)\nint i;\nWARNINGS_ON\n", "WARNINGS_OFF\nfoo = bar\nAUTORESTORE(ctxt)\nvariable int i\nWARNINGS_ON"},
		{
			"casts to unknown types", "a = (virFoo *) b; c = (virFooPtr) d; e = (foo_t) -1; f = (Foo)\n  g(h); (void) i; j = (Foo[]) { 1 }; k = (Foo) { .x = 1 }; l = (fn (*)(int)) m;",
			"a = (virFoo *) b\nc = (virFooPtr) d\ne = (foo_t) -1\nf = (Foo) g(h)\n(void) i\nj = (Foo[]) { 1 }\nk = (Foo) { .x = 1 }\nl = (fn (*)(int)) m",
		},
		{"no casts", "a = (b) - 1; c = (d) & e; f = (g)(h); i = (j) * k;", "a = b - 1\nc = d & e\nf = g(h)\ni = j * k"},
		{"types as arguments", "a = g_new0(char *, 1); b = g_new0(virFoo *, n); c = g_new0(struct s, 1); d = va_arg(ap, const virFoo *);", "a = g_new0(char *, 1)\nb = g_new0(virFoo *, n)\nc = g_new0(struct s, 1)\nd = va_arg(ap, virFoo *)"},
		{"operators and nothing as arguments", "check(a, ==, b); check(, b);", "check(a, <bad>, b)\ncheck(<bad>, b)"},
		{"strings with macros", "f(\"%\" PRIu64 \" of %\" FMT, a); g(PREFIX \"x\"); h(\"a\"\n  SUFFIX);", "f(\"% of %\" PRIu64 FMT, a)\ng(\"x\" PREFIX)\nh(\"a\" SUFFIX)"},
		{"prefix macros", "f(BAD_CAST x, BAD_CAST \"y\");", "f((BAD_CAST()) x, \"y\" BAD_CAST)"},
		{"missing semicolon after a macro", "#define X do { f(); } while (0)\nX\nX\ng();", "do while 0\n  block\n    f()\ndo while 0\n  block\n    f()\ng()"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := mustParse(t, Tolerant, "void f(void)\n{\n"+tt.src+"\n}")
			var b strings.Builder
			for _, line := range strings.Split(dumpOf(t, f), "\n")[2:] {
				line, _, _ = strings.Cut(line, " to ")
				b.WriteString(strings.TrimPrefix(line, "    ") + "\n")
			}
			compare(t, strings.TrimSuffix(b.String(), "\n"), tt.want)
		})
	}
}

// A function that cannot be parsed is one diagnostic, and the next one is found.
func TestBadFunction(t *testing.T) {
	f, diags := parseText(Tolerant, `int a(void)
{
    if (x {
        y(;
        z[;
}

static int
b(int c)
{
    return d e f;
}

int g(void) { return 1; }

struct { int } bad;

int h(void)
{
    return 2;
}
`)
	compare(t, diags.Error(), "t.c:3:11: expected `)`, found `{` (to close the `(` at 3:8)\nt.c:11:13: expected `;` after `return`, found `e`\nt.c:16:14: expected a name, found `}`")
	var got []string
	for _, d := range f.Decls {
		if fn, ok := d.(*FuncDef); ok {
			name := fn.Name
			if fn.Bad {
				name += " bad"
			}
			got = append(got, name+" "+lineCol(fn.Body.Rbrace))
		}
	}
	compare(t, strings.Join(got, ", "), "a bad 6:1, b bad 12:1, g 14:25, h 21:1")
}

// Braces that a condition opens twice are balanced whichever arm is taken.
func TestBracesAcrossConditions(t *testing.T) {
	f := mustParse(t, Tolerant, `
void f(void)
{
#ifdef WITH_A
    if (a) {
#else
    if (b) {
#endif
        c();
    }
#if WITH_B > 3
    while (d) {
#endif
        e();
#if WITH_B > 3
    }
#endif
}
void g(void) { }
`)
	compare(t, dumpOf(t, f), "function void f(void)\n  block to 18:1\n    if a\n      block to 10:5\n        c()\n    while d\n      block to 16:5\n        e()\nfunction void g(void)\n  block to 19:16")
}

func TestFromMacro(t *testing.T) {
	f := mustParse(t, Tolerant, "#define DEF(n) int n##_f(void) { return 1; }\nDEF(a)\nint b(void) { return 2; }\n")
	a, b := f.Decls[0].(*FuncDef), f.Decls[1].(*FuncDef)
	if a.Name != "a_f" || !a.FromMacro || b.FromMacro {
		t.Errorf("%s from macro: %v; %s from macro: %v", a.Name, a.FromMacro, b.Name, b.FromMacro)
	}
}
