package syntax

import (
	"context"
	"testing"
)

func TestDeclarations(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"several names", "static int a = 1, *b, c[3];", "variable static int a = 1\nvariable static int *b\nvariable static int c[3]"},
		{
			"basic types", "long unsigned int a; short b; signed char c; long double d; unsigned e; long long f; _Bool g;",
			"variable unsigned long a\nvariable short b\nvariable signed char c\nvariable long double d\nvariable unsigned int e\nvariable long long f\nvariable _Bool g",
		},
		{"qualifiers are dropped", "const char *const volatile restrict p;", "variable char *p"},
		{"function pointers", "int (*f)(void), *(*g[2])(int, char *);", "variable int (*f)(void)\nvariable int *(*g[2])(int, char *)"},
		{"signal", "void (*signal(int sig, void (*func)(int)))(int);", "prototype void (*signal(int sig, void (*func)(int)))(int)"},
		{"array of arrays", "int a[2][3], (*b)[4];", "variable int a[2][3]\nvariable int (*b)[4]"},
		{
			"typedefs", "typedef struct _s s;\ntypedef s *sPtr;\nsPtr f(s x, sPtr);\ntypedef int (*cb)(sPtr, void *);\ncb h;",
			"typedef struct _s s\ntypedef s *sPtr\nprototype sPtr f(s x, sPtr)\ntypedef int (*cb)(sPtr, void *)\nvariable cb h",
		},
		{"typedef of a struct with body", "typedef struct { int x; } s;", "typedef struct {...} s\n  field int x"},
		{
			"struct and union", "struct s { int a, *b; union { int c; struct { char d; }; }; unsigned e : 3, : 0; struct s *next; };",
			"struct s {...}\n  field int a\n  field int *b\n  field union {...}\n    field int c\n    field struct {...}\n      field char d\n  field unsigned int e : 3\n  field unsigned int : 0\n  field struct s *next",
		},
		{"forward", "struct s; enum e; union u;", "struct s\nenum e\nunion u"},
		{
			"enum", "enum e { A, B = 4, C, D = B | 1, E = UNKNOWN, F, G = 'x', };\nenum { H = C + 1 } h;",
			"enum e {...}\n  enumerator A = 0\n  enumerator B = 4\n  enumerator C = 5\n  enumerator D = 5\n  enumerator E = UNKNOWN\n  enumerator F =\n  enumerator G = 120\nvariable enum {...} h\n  enumerator H = 6",
		},
		{
			"attributes", "struct s { int refs __attribute__((refcount, guarded_by(lock))); int o __attribute__((owner, guarded_by(virDomainObj.lock))), p; bool listed __attribute__((listed, init(1))); void *d __attribute__((points_to(struct x))); } __attribute__((packed));",
			"struct s {...} [packed]\n  field int refs [refcount] [guarded_by(lock)]\n  field int o [owner] [guarded_by(virDomainObj.lock)]\n  field int p\n  field bool listed [listed] [init(1)]\n  field void *d [points_to(struct x)]",
		},
		{
			"attributes of a function", "static inline int __attribute__((__noreturn__)) f(int a __attribute__((unused)), char *b ATTRIBUTE_UNUSED) G_GNUC_PRINTF(1, 2) ATTRIBUTE_NONNULL(1);",
			"prototype static inline int f(int a, char *b) [noreturn] [G_GNUC_PRINTF(1, 2)] [ATTRIBUTE_NONNULL(1)]",
		},
		{"attribute macro between type and name", "int ATTRIBUTE_RETURN_CHECK f(void);", "prototype int f(void) [ATTRIBUTE_RETURN_CHECK]"},
		{
			"parameters", "int f(), g(void), h(int, ...), i(int a[], const char **b, int (*cb)(int), int (unnamed));",
			"prototype int f(void)\nprototype int g(void)\nprototype int h(int, ...)\nprototype int i(int a[], char **b, int (*cb)(int), int unnamed)",
		},
		{
			"initialisers", "int a[] = { 1, [3] = 2 }; struct s s = { .x = 1, .y = { 2 } }, t = { x: 1 }; struct s e = {};",
			"variable int a[] = { 1, [3] = 2 }\nvariable struct s s = { .x = 1, .y = { 2 } }\nvariable struct s t = { .x = 1 }\nvariable struct s e = { }",
		},
		{"typeof", "typeof(int *) a; __typeof__(x + 1) b;", "variable typeof(int *) a\nvariable typeof(x + 1) b"},
		{"static assert and asm", "_Static_assert(sizeof(int) == 4, \"int\"); asm(\"nop\");", "static assert sizeof(int) == 4\nasm"},
		{
			"known types", "size_t a; uint8_t b; pthread_mutex_t c; virMutex d; virCond e; gboolean f; bool g;",
			"variable size_t a\nvariable uint8_t b\nvariable pthread_mutex_t c\nvariable virMutex d\nvariable virCond e\nvariable gboolean f\nvariable bool g",
		},
		{
			"automatic variables", "void f(void) { g_autofree char *a = NULL; g_autoptr(virMutex) b = NULL; g_auto(GStrv) c; }",
			"function void f(void)\n  block to 1:90\n    variable char *a [g_autofree] = NULL\n    variable virMutex *b [g_autoptr] = NULL\n    variable GStrv c [g_auto]",
		},
		{"thread local and extern", "extern _Thread_local int x; static __thread int y;", "variable extern _Thread_local int x\nvariable static _Thread_local int y"},
		{"asm name", "int f(void) __asm__(\"g\");", "prototype int f(void)"},
		{"stray semicolons", "int a;; struct s { int x;; };", "variable int a\nstruct s {...}\n  field int x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			compare(t, dumpOf(t, mustParse(t, Strict, tt.src)), tt.want)
		})
	}
}

func TestFormatDecl(t *testing.T) {
	f := mustParse(t, Strict, "struct s *(*table[4])(int a, char *b);")
	v := f.Decls[0].(*VarDecl)
	compare(t, FormatDecl(v.Type, "x"), "struct s *(*x[4])(int a, char *b)")
	compare(t, Format(v.Type), "struct s *(*[4])(int a, char *b)")
}

func TestFindAttr(t *testing.T) {
	f := mustParse(t, Strict, "int x __attribute__((a, b(1)));")
	attrs := f.Decls[0].(*VarDecl).Attrs
	if a := FindAttr(attrs, "b"); a == nil || len(a.Args) != 1 || a.Pos().Col != 25 {
		t.Errorf("b is %+v", a)
	}
	if a := FindAttr(attrs, "c"); a != nil {
		t.Errorf("c is %+v", a)
	}
}

// Macros and type names of one source are known in the next.
func TestUnit(t *testing.T) {
	p := NewParser(context.Background(), Options{Typedefs: []string{"extra"}})
	p.Parse(Source{Name: "protocol.c", Text: []byte("typedef struct s T;\n#define LOCK(x) lock(&x)\nenum { N = 3 };\n")})
	f := p.Parse(Source{Name: "bodies.c", Text: []byte("#include \"protocol.c\"\nextra e;\nvoid f(T *t) { LOCK(t); }\nenum { M = N + 1 };")})
	ds := p.Diagnostics()
	compare(t, ds.Error(), `bodies.c:1:10: cannot include `+"`protocol.c`"+`: nothing can be included here`)
	compare(t, dumpOf(t, f), "variable extra e\nfunction void f(T *t)\n  block to 3:25\n    lock(&t)\nenum {...}\n  enumerator M = 4")

	files := map[string]string{"protocol.c": "typedef struct s T;"}
	p = NewParser(context.Background(), Options{Include: includeFrom(files)})
	p.Parse(Source{Name: "protocol.c", Text: []byte(files["protocol.c"])})
	f = p.Parse(Source{Name: "bodies.c", Text: []byte("#include \"protocol.c\"\nT *t;")})
	compare(t, dumpOf(t, f), "variable T *t")
	if err := p.Diagnostics().Err(); err != nil {
		t.Error(err)
	}
}

func TestComments(t *testing.T) {
	f, _ := Parse(Source{Name: "t.c", Text: []byte("/* a */ int x; // b\n#if 0 /* c */\n/* d */\n#endif\n")}, Options{Comments: true})
	var got []string
	for _, c := range f.Comments {
		got = append(got, c.Pos().String()+" "+c.Text)
	}
	want := []string{"t.c:1:1 /* a */", "t.c:1:16 // b", "t.c:2:7 /* c */", "t.c:3:1 /* d */"}
	if len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	for i := range want {
		compare(t, got[i], want[i])
	}
}
