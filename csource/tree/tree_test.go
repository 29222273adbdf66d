package tree

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write makes files in a new directory.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		put(t, dir, name, text)
	}
	return dir
}

func put(t testing.TB, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// summary lists files, functions with their arms, and what was left out.
func summary(dir string, t *Tree) string {
	var b strings.Builder
	short := func(name string) string {
		return strings.TrimPrefix(strings.TrimPrefix(name, filepath.ToSlash(dir)), "/")
	}
	for _, f := range t.Files {
		fmt.Fprintf(&b, "%s:", short(f.Name))
		for _, fn := range f.Functions {
			fmt.Fprintf(&b, " %s", fn.Name)
			if fn.Arm > 0 {
				fmt.Fprintf(&b, "/%d", fn.Arm)
			}
			if fn.Bad {
				b.WriteString("(bad)")
			}
		}
		b.WriteString("\n")
		for _, d := range f.Diagnostics {
			fmt.Fprintf(&b, "  %s\n", strings.TrimPrefix(d.String(), filepath.ToSlash(dir)+"/"))
		}
	}
	for _, l := range t.Left {
		fmt.Fprintf(&b, "left out: %s: %s\n", short(l.Name), l.Why)
	}
	return b.String()
}

func compare(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

var small = map[string]string{
	"src/a.c":     "static int one(void) { return 1; }\nint two(void) { return one(); }\n",
	"src/b/b.c":   "static int one(void) { return 2; }\n#ifdef A\nint here(void) { return 1; }\n#else\nint here(void)\n{\n    one();\n    return 0;\n}\n#endif\n",
	"src/b/b.h":   "#pragma once\nenum e { E1, E2 = 5, E3 };\nstatic inline int three(int x) { return x; }\n#define TRY(x) do { if ((x) < 0) return -1; } while (0)\n",
	"src/bad.c":   "int ok(void) { return 0; }\nint bad(void)\n{\n    if (x {\n}\n",
	"src/use.c":   "int four(void)\n{\n#ifdef B\n    f();\n#endif\n    TRY(f());\n    return 0;\n}\n",
	"src/none.cc": "class x;\n",
	"doc/x.c":     "int elsewhere(void) { return 0; }\n",
}

const smallSummary = `src/a.c: one two
src/b/b.c: one here here/1
src/b/b.h: three
src/bad.c: ok bad(bad)
  src/bad.c:4:11: expected ` + "`)`, found `{`" + ` (to close the ` + "`(`" + ` at 4:8)
src/use.c: four four/1
`

func TestLoad(t *testing.T) {
	dir := write(t, small)
	tr, err := Load(t.Context(), filepath.Join(dir, "src"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, summary(dir, tr), smallSummary)
	if n := len(tr.Bad()); n != 1 || tr.Functions() != 10 {
		t.Errorf("%d bad of %d", n, tr.Functions())
	}
	a, b := tr.Files[0], tr.Files[1]
	if f, g := tr.Find(a, "one"), tr.Find(b, "one"); f.File != a || g.File != b || tr.Find(nil, "one") != nil {
		t.Error("a static function is that of its file")
	}
	if tr.Find(a, "three") == nil {
		t.Error("what a header defines is seen by all")
	}
	if f := tr.Find(a, "here"); f.Arm != 1 || tr.Find(a, "none") != nil || len(tr.Named("here")) != 2 {
		t.Errorf("here is %v, the stub", f.Pos())
	}
	for name, want := range map[string]int64{"E1": 0, "E2": 5, "E3": 6, "E4": -1} {
		if v, ok := tr.Enumerator(name); ok != (want >= 0) || ok && v != want {
			t.Errorf("%s is %d, %v", name, v, ok)
		}
	}
	if four := tr.Find(nil, "four"); len(four.Body.List) != 3 {
		t.Errorf("four has %d statements", len(four.Body.List))
	}
}

// A macro that two headers define differently is known nowhere.
func TestMacroTwice(t *testing.T) {
	dir := write(t, map[string]string{
		"a.h": "#define TRY(x) do { if ((x) < 0) return -1; } while (0)\n",
		"b.h": "#define TRY(x) do { if ((x) < 0) return -2; } while (0)\nenum { A, B };\n",
		"c.h": "#define ONE(x) do { if ((x) < 0) return -2; } while (0)\nenum { B };\n",
		"d.h": "#define ONE(x)  do { if ((x) < 0) return -2; } while (0)\nenum { A };\n",
		"e.c": "int f(void)\n{\n    TRY(g());\n    ONE(g());\n}\n",
	})
	tr, err := Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range tr.Find(nil, "f").Body.List {
		got = append(got, strings.TrimPrefix(fmt.Sprintf("%T", s), "*syntax."))
	}
	compare(t, strings.Join(got, " "), "ExprStmt DoWhile")
	if v, ok := tr.Enumerator("A"); !ok || v != 0 {
		t.Error("A is 0 in both")
	}
	if _, ok := tr.Enumerator("B"); ok {
		t.Error("B is 1 or 0")
	}
}

// What cannot be read in a directory is left out; what a command line names is an error.
func TestLoadHostile(t *testing.T) {
	dir := write(t, map[string]string{
		"in/a.c": "int a(void) { return 0; }\n", "in/elf.c": "\x7fELF\x00\x01", "in/zero.c": "int x;\x00int y;", "out/b.c": "int secret(void) { return 0; }\n",
		"in/.git/c.c": "int c(void) { return 0; }\n", "in/odd\n.c": "int d(void) { return 0; }\n",
	})
	for name, to := range map[string]string{
		"in/leaves.c": "../out/b.c", "in/out": "../out", "in/self": ".", "in/loop.c": "loop.c", "in/stays.c": "a.c", "in/dev.c": "/dev/zero",
	} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	big, err := os.Create(filepath.Join(dir, "in/big.c"))
	if err == nil {
		err = big.Truncate(maxFile + 1)
	}
	if err != nil {
		t.Fatal(err)
	}
	big.Close()
	tr, err := Load(t.Context(), filepath.Join(dir, "in"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, summary(filepath.Join(dir, "in"), tr), fmt.Sprintf(`a.c: a
odd
.c: d
stays.c: a
left out: big.c: it has %d bytes, more than the limit of %d
left out: dev.c: a symbolic link is absolute or leads out of the directory that is being read
left out: elf.c: it is an ELF binary
left out: leaves.c: a symbolic link is absolute or leads out of the directory that is being read
left out: loop.c: too many levels of symbolic links
left out: zero.c: it is a binary file
`, maxFile+1, maxFile))
	for _, name := range []string{"in/elf.c", "in/none.c", "in/big.c"} {
		if _, err := Load(t.Context(), filepath.Join(dir, name)); err == nil || !strings.Contains(err.Error(), filepath.Base(name)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Load(ctx, filepath.Join(dir, "in")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
