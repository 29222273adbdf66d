package scenarios

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Each testdata/bad/NAME.yaml has its diagnostics in NAME.want.
func TestLoadBad(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no bad suites", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, err := Load(t.Context(), file)
			if err == nil {
				t.Fatal("no error")
			}
			var ds syntax.Diagnostics
			if !errors.As(err, &ds) {
				t.Fatalf("the error is a %T", err)
			}
			checkPositions(t, file, ds)
			golden(t, strings.TrimSuffix(file, ".yaml")+".want", err.Error()+"\n")
		})
	}
}

func checkPositions(t *testing.T, file string, ds syntax.Diagnostics) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for _, d := range ds {
		if d.Pos.File != filepath.ToSlash(file) || d.Pos.Line < 1 || d.Pos.Line > len(lines) || d.Pos.Col < 1 || d.Pos.Col > len(lines[d.Pos.Line-1])+1 {
			t.Errorf("%s lies outside the file", d)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func loadOne(t *testing.T, path string) *Suite {
	t.Helper()
	suites, err := Load(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if len(suites) != 1 {
		t.Fatalf("%d suites", len(suites))
	}
	return suites[0]
}

func TestLoadForms(t *testing.T) {
	s := loadOne(t, "testdata/good/forms.yaml")
	var got []string
	for _, sc := range s.Scenarios {
		got = append(got, sc.Name+" -> "+sc.Expect.String())
	}
	want := []string{
		"compact -> violation: no-job", "mappings -> partial-deadlock: lost-wakeup", "quoted -> violation: lock-order",
		"flow -> violation: lock-order", "bare -> violation", "dying -> starvation",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"left", "right"}, s.Order); diff != "" {
		t.Error(diff)
	}
	if why := s.Scenarios[0].Why; !strings.Contains(why, "expect: violation: no-job stays") {
		t.Errorf("why = %q", why)
	}
	if !s.Scenarios[1].IgnoreRequires || s.Scenarios[4].IgnoreRequires {
		t.Error("rules")
	}
	if ref := s.Scenarios[0].Ref(); ref != "testdata/good/forms.yaml:compact" {
		t.Errorf("Ref = %s", ref)
	}
}

func TestThreads(t *testing.T) {
	const file = "testdata/good/forms.yaml"
	s := loadOne(t, file)
	at := func(line, col int) model.Pos { return model.Pos{File: file, Line: line, Col: col} }
	arg := func(line, col int, text string) lower.Arg { return lower.Arg{Pos: at(line, col), Text: text} }
	c := lower.Thread{Pos: at(14, 43), Function: "c", Args: []lower.Arg{arg(14, 46, "vm2")}, Loop: true}
	d := lower.Thread{Pos: at(14, 61), Function: "d", Args: []lower.Arg{arg(14, 63, "vm1")}}
	want := []lower.Thread{
		{Pos: at(14, 15), Function: "a"},
		{Pos: at(14, 21), Function: "b", Args: []lower.Arg{arg(14, 23, "vm1"), arg(14, 28, "driver"), arg(14, 36, "-3")}},
		c, c, c, d, d,
	}
	if diff := cmp.Diff(want, s.Scenarios[0].closed()); diff != "" {
		t.Error(diff)
	}

	a := lower.Thread{Pos: at(20, 14), Function: "a", Args: []lower.Arg{arg(20, 16, "vm1")}, Loop: true, Faults: lower.Faults{WaitTimeout: true, SpuriousWakeup: true}}
	want = []lower.Thread{
		a, a,
		{Pos: at(24, 15), Function: "b", Args: []lower.Arg{arg(24, 17, "vm2")}, Faults: lower.Faults{SignalStolen: true, SpuriousWakeup: true}},
		{Pos: at(23, 32), Function: "qemuProcessDied", Args: []lower.Arg{arg(23, 32, "vm1")}, Faults: lower.Faults{SpuriousWakeup: true}},
	}
	if diff := cmp.Diff(want, s.Scenarios[1].closed()); diff != "" {
		t.Error(diff)
	}

	var deaths []string
	for _, d := range s.Scenarios[5].deaths() {
		deaths = append(deaths, d.domain)
	}
	if diff := cmp.Diff([]string{"vm2", "vm1"}, deaths); diff != "" {
		t.Error(diff)
	}
	if n := s.Scenarios[5].size(); n != 6 {
		t.Errorf("size = %d", n)
	}
}

// Inline C keeps the lines and columns of the YAML file.
func TestInlineSource(t *testing.T) {
	const file = "testdata/good/forms.yaml"
	s := loadOne(t, file)
	src := s.Sources[len(s.Sources)-1]
	if src.Name != file {
		t.Errorf("the source is called %s", src.Name)
	}
	yaml := strings.Split(s.Text, "\n")
	for i, line := range strings.Split(string(src.Text), "\n") {
		switch {
		case i < 6 || i > 10:
			if line != "" {
				t.Errorf("line %d: %q", i+1, line)
			}
		case line != yaml[i]:
			t.Errorf("line %d: %q, not %q", i+1, line, yaml[i])
		}
	}
}

func TestLoadFS(t *testing.T) {
	suite := func(name, protocol string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("suite: " + name + "\nprotocol: " + protocol + "\nscenarios:\n  - {name: a, threads: [f()], expect: ok}\n")}
	}
	fsys := fstest.MapFS{
		"x/a.yaml":         suite("a", "../p.c"),
		"x/y/b.yaml":       suite("b", "../../p.c"),
		"x/.hidden/c.yaml": suite("a", "missing.c"),
		"p.c":              {Data: []byte("void f(void) {}")},
		"z/a.yaml":         suite("twin", "../p.c"),
		"z/b.yaml":         suite("twin", "../p.c"),
		"e/readme":         {},
	}
	suites, err := LoadFS(t.Context(), fsys, "x")
	if err != nil || len(suites) != 2 || suites[1].Sources[0].Name != "p.c" {
		t.Errorf("%v, %v", suites, err)
	}
	for root, want := range map[string]string{
		"z": `z/b.yaml:1:8: suite "twin" is defined twice (first at z/a.yaml:1:8)`,
		"e": "e: no suites: no *.yaml file in this directory or below it",
		"n": "n: file does not exist",
	} {
		if _, err := LoadFS(t.Context(), fsys, root); err == nil || err.Error() != want {
			t.Errorf("%s: %v", root, err)
		}
	}
}

func TestLoadSeveral(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	one := write("one.yaml", "suite: one\nsources: [b.c]\nscenarios:\n  - {name: a, threads: [f()], expect: ok}\n")
	write("b.c", "void f(void) {}")
	suites, err := Load(t.Context(), dir, one, "testdata/good")
	if err != nil || len(suites) != 2 {
		t.Fatalf("%v, %v", suites, err)
	}
	if got := suites[0].Sources[0].Name; got != filepath.ToSlash(filepath.Join(dir, "b.c")) {
		t.Errorf("source %s", got)
	}
	_, err = Load(t.Context(), "nowhere", "testdata/good", "nowhere.yaml")
	if err == nil || err.Error() != "nowhere: no such file or directory\nnowhere.yaml: no such file or directory" {
		t.Errorf("%v", err)
	}
}
