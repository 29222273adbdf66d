package syntax

import "testing"

func TestAlike(t *testing.T) {
	const base = "int f(struct s *a, int b)\n{\n    if (a->x > 1 && g(b, \"t\"))\n        return b ? -1 : 'c';\n    return 0;\n}\n"
	first := func(text string) Node { return mustParse(t, Tolerant, text).Decls[0] }
	for _, tt := range []struct {
		text string
		want bool
	}{
		{base, true},
		{"\n\n  /* x */ int\nf(struct s *a, int b) { if (a->x > 1 && g(b, \"t\")) return b ? -1 : 'c'; return 0; }", true},
		{"static " + base, false},
		{"int f(struct s *a, int b)\n{\n    if (a->x > 1 && g(b, \"u\"))\n        return b ? -1 : 'c';\n    return 0;\n}\n", false},
		{"int f(struct s *a, int b)\n{\n    if (a->x > 2 && g(b, \"t\"))\n        return b ? -1 : 'c';\n    return 0;\n}\n", false},
		{"int f(struct s *a, long b)\n{\n    if (a->x > 1 && g(b, \"t\"))\n        return b ? -1 : 'c';\n    return 0;\n}\n", false},
		{"int f(struct s *a, int b)\n{\n    if (a->x > 1 && g(b, \"t\"))\n        return b ? -1 : 'c';\n    return;\n}\n", false},
		{"int f(struct s *a, int b)\n{\n    if (a->x > 1 && g(b, \"t\"))\n        return b ? -1 : 'c';\n}\n", false},
		{"int f;", false},
	} {
		if got := Alike(first(base), first(tt.text)); got != tt.want {
			t.Errorf("%v for %s", got, tt.text)
		}
	}
	if !Alike(nil, nil) || Alike(nil, first(base)) {
		t.Error("nil is alike to nil")
	}
}
