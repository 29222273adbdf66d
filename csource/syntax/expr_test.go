package syntax

import "testing"

// exprOf parses one expression, in a function where T is a type.
func exprOf(t *testing.T, mode Mode, text string) Expr {
	t.Helper()
	f := mustParse(t, mode, "typedef int T;\nvoid f(void) { sink("+text+"\n); }")
	call := f.Decls[1].(*FuncDef).Body.List[0].(*ExprStmt).X.(*Call)
	if len(call.Args) == 1 {
		return call.Args[0]
	}
	return &Comma{List: call.Args}
}

func TestPrecedence(t *testing.T) {
	tests := []struct{ src, want string }{
		{"a + b * c", "(a + (b * c))"},
		{"a - b - c", "((a - b) - c)"},
		{"a * (b + c)", "(a * (b + c))"},
		{"a = b += c", "(a = (b += c))"},
		{"a || b && c | d ^ e & f == g < h << i + j * k", "(a || (b && (c | (d ^ (e & (f == (g < (h << (i + (j * k))))))))))"},
		{"a * b % c / d", "(((a * b) % c) / d)"},
		{"a ? b : c ? d : e", "(a ? b : (c ? d : e))"},
		{"a ? b, c : d", "(a ? (b, c) : d)"},
		{"a ?: b", "(a ?: b)"},
		{"a = b ? c : d", "(a = (b ? c : d))"},
		{"-a + !b", "((-a) + (!b))"},
		{"*p++", "(*p++)"},
		{"(*p)++", "(*p)++"},
		{"- -a", "(-(-a))"},
		{"&a->b.c[1](2)", "(&a->b.c[1](2))"},
		{"!a->b", "(!a->b)"},
		{"(T) a + b", "(((T) a) + b)"},
		{"(T) -a", "((T) (-a))"},
		{"(a) - b", "(a - b)"},
		{"(T *) a->b", "((T *) a->b)"},
		{"((T *) a)->b", "((T *) a)->b"},
		{"sizeof a + b", "((sizeof(a)) + b)"},
		{"sizeof(T) + b", "(sizeof(T) + b)"},
		{"sizeof(a) + b", "((sizeof(a)) + b)"},
		{"sizeof(T){1}.x", "(sizeof((T) { 1 }.x))"},
		{"~a << 2 >> b", "(((~a) << 2) >> b)"},
		{"a < b == c > d", "((a < b) == (c > d))"},
		{"(a, b)", "a, b"},
		{"&&label", "(&&label)"},
		{"__extension__ a", "a"},
		{"_Alignof(T)", "_Alignof(T)"},
		{"(void (*)(int, ...)) p", "((void (*)(int, ...)) p)"},
		{"(struct s *const *) p", "((struct s **) p)"},
		{"(struct s) { .a = 1, .b.c[2 ... 3] = { 4 }, 5 }", "(struct s) { .a = 1, .b.c[2 ... 3] = { 4 }, 5 }"},
		{"(T[]) { [0] = 1, [1] = 2, }", "(T[]) { [0] = 1, [1] = 2 }"},
		{"va_arg(ap, char *)", "va_arg(ap, char *)"},
		{"va_arg(ap, T)", "va_arg(ap, T)"},
		{"offsetof(struct s, a.b)", "offsetof(struct s, a.b)"},
		{`"a" "b\n" "\x41\101"`, `"ab\nAA"`},
		{`"%" PRIu64 "x"`, `"%x" PRIu64`},
		{"'a' + L'\\n'", "('a' + L'\\n')"},
		{"1.5e3f + 0x1p-3", "(1.5e3f + 0x1p-3)"},
		{"a[i][j]", "a[i][j]"},
		{"f()()", "f()()"},
	}
	for _, tt := range tests {
		t.Run(tt.src, func(t *testing.T) {
			x := exprOf(t, Strict, tt.src)
			compare(t, FormatParens(x), tt.want)
			again := exprOf(t, Strict, Format(x))
			compare(t, FormatParens(again), tt.want)
		})
	}
}

func TestFormat(t *testing.T) {
	tests := []string{
		"virMutexLock(&obj->lock)",
		"((struct qemuDomainObjPrivate *) vm->privateData)->mon",
		"a ? b : c",
		"(a ? b : c) ? d : e",
		"a + (b - c)",
		"(a = b) != NULL",
		"- -a",
		"&*p",
		"f((a, b), c)",
		"(*p)(x)",
		"(a && b) || c == 1",
		"{ 1, 2 }",
	}
	for _, want := range tests {
		if want[0] == '{' {
			want = "(int[2]) " + want
		}
		x := exprOf(t, Strict, want)
		got := Format(x)
		if want == "(a && b) || c == 1" {
			want = "a && b || c == 1"
		}
		compare(t, got, want)
	}
}

func TestLiterals(t *testing.T) {
	tests := []struct {
		src   string
		value int64
	}{
		{"0", 0},
		{"42", 42},
		{"0x1F", 31},
		{"017", 15},
		{"0b101", 5},
		{"1ULL", 1},
		{"7lu", 7},
		{"18446744073709551615u", -1},
		{"0xffffffffffffffff", -1},
		{"'a'", 97},
		{"'\\n'", 10},
		{"'\\0'", 0},
		{"'\\x7f'", 127},
		{"'\\377'", -1},
		{"'ab'", 0x6162},
		{"L'\\''", 39},
		{"'\"'", 34},
	}
	for _, tt := range tests {
		v, ok := EvalConst(exprOf(t, Strict, tt.src), nil)
		if !ok || v != tt.value {
			t.Errorf("%s is %d, %v; want %d", tt.src, v, ok, tt.value)
		}
	}
	s := exprOf(t, Strict, `"\a\t\\\"\0\x7fz\u00e9"`).(*StringLit)
	if want := "\a\t\\\"\x00\x7fzé"; s.Value != want {
		t.Errorf("string is %q, want %q", s.Value, want)
	}
	if lit := exprOf(t, Strict, "3U").(*IntLit); !lit.Unsigned || lit.Text != "3U" {
		t.Errorf("3U is %+v", lit)
	}
}

// A name that is a type may be a variable in an inner scope, and is a type again after it.
func TestScopes(t *testing.T) {
	f := mustParse(t, Strict, `
typedef int T;
void f(int T) { sink((T) - 1); }
void g(void) { { int T = 2; sink((T) - 1); T = 3; } sink((T) - 1); for (int T = 0; T < 3; T++) T * 2; }
void h(T *T) { T->x = 1; }
void i(void) { T T = 1; T++; }
`)
	var got []string
	Walk(f, func(n Node) bool {
		if c, ok := n.(*Call); ok {
			got = append(got, FormatParens(c.Args[0]))
		}
		return true
	})
	want := []string{"(T - 1)", "(T - 1)", "((T) (-1))"}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func TestEvalConst(t *testing.T) {
	lookup := func(name string) (int64, bool) {
		if name == "FIVE" {
			return 5, true
		}
		return 0, false
	}
	tests := []struct {
		src   string
		value int64
		ok    bool
	}{
		{"1 + 2 * 3 - -4", 11, true},
		{"FIVE % 3 == 2 && FIVE / 2 == 2", 1, true},
		{"1 << 10 | 0x0f & ~3 ^ 1", 1037, true},
		{"FIVE > 4 ? 'a' : x", 97, true},
		{"0 ?: FIVE", 5, true},
		{"x", 0, false},
		{"x && 0", 0, true},
		{"0 && x", 0, true},
		{"x || 3", 1, true},
		{"x || 0", 0, false},
		{"1 && x", 0, false},
		{"1 / 0", 0, false},
		{"1 % 0", 0, false},
		{"1 << 64", 0, false},
		{"1 >> -1", 0, false},
		{"(unsigned char) 257", 1, true},
		{"(int) 0x1ffffffffLL", -1, true},
		{"(_Bool) 7", 1, true},
		{"(T) 7", 0, false},
		{"-1 > 0u", 1, true},
		{"-1 > 0", 0, true},
		{"(unsigned char) 255 + 1", 256, true},
		{"(unsigned) -1 / 2", 2147483647, true},
		{"-1 / 2u", 2147483647, true},
		{"0xffffffff + 1", 0, true},
		{"4294967295 + 1", 4294967296, true},
		{"2147483647 + 1", 0, false},
		{"-2147483647 - 2", 0, false},
		{"(-2147483647 - 1) / -1", 0, false},
		{"(-2147483647 - 1) % -1", 0, false},
		{"65536 * 65536", 0, false},
		{"65536L * 65536", 1 << 32, true},
		{"9223372036854775807 + 1", 0, false},
		{"(-9223372036854775807 - 1) * -1", 0, false},
		{"18446744073709551615u == -1", 1, true},
		{"18446744073709551615", -1, false},
		{"0xffffffffffffffff % 10", 5, true},
		{"0xffffffffffffffff >> 60", 15, true},
		{"-16 >> 2", -4, true},
		{"1 << 31", -2147483648, true},
		{"1 << 32", 0, false},
		{"1L << 32", 1 << 32, true},
		{"~0u", 4294967295, true},
		{"~(unsigned char) 0", -1, true},
		{"-(1u)", 4294967295, true},
		{"1 ? -1 : 0u", 4294967295, true},
		{"(1 ? 1 : 0) * -1", -1, true},
		{"(short) 40000", -25536, true},
		{"'\\xff'", -1, true},
		{"(char *) 7", 0, false},
		{"sizeof(int) - 5 > 0", 1, true},
		{"sizeof(T)", 0, false},
		{"f(1)", 0, false},
		{"!0 + +1", 2, true},
		{"(3 >= 3) + (3 <= 2) + (3 != 3) + (1 < 2) + (8 >> 1)", 6, true},
	}
	for _, tt := range tests {
		v, ok := EvalConst(exprOf(t, Strict, tt.src), lookup)
		if ok != tt.ok || ok && v != tt.value {
			t.Errorf("%s is %d, %v; want %d, %v", tt.src, v, ok, tt.value, tt.ok)
		}
	}
}
