package schemata

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// kinds has a function of each kind that a version can change.
const kinds = `package main

import "fmt"

type box[T any] struct{ value T }

func (b *box[T]) get() T { return b.value }

type plain struct{}

func (plain) sum(_ int, numbers ...int) (n int) {
	for _, x := range numbers {
		n += x
	}
	return n
}

func pair[T any](x T, y T) []T { return []T{x, y} }

func say(string, bool) { fmt.Print("said ") }

var limit = 7

func main() {
	b := &box[int]{1}
	say("", true)
	fmt.Println(b.get(), plain{}.sum(0, 1, 2), pair("a", "b"), limit)
}
`

// Each process runs the version that it is told to, whatever kind of function that changes, and the
// package as it is without one.
func TestVersions(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "main.go")
	for name, text := range map[string]string{"go.mod": "module kinds\n\ngo 1.26\n", "main.go": kinds} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	changes := []struct{ from, to, says string }{
		{"return b.value", "var zero T; return zero", "said 0 3 [a b] 7"},
		{"n += x", "n -= x", "said 1 -3 [a b] 7"},
		{"{x, y}", "{y, x}", "said 1 3 [b a] 7"},
		{`fmt.Print("said ")`, `fmt.Print("told ")`, "told 1 3 [a b] 7"},
		{"limit = 7", "limit = 8", "said 1 3 [a b] 7"}, // outside of functions: left
		{"b := &box[int]{1}", "b := &box[int]{2}", "said 2 3 [a b] 7"},
		{"(x T, y T)", "(y T, x T)", ""}, // no body: left
	}
	var versions []Version
	for _, c := range changes {
		versions = append(versions, Version{path: []byte(strings.Replace(kinds, c.from, c.to, 1))})
	}
	overlay, left, err := Overlay(t.TempDir(), dir, versions)
	if err != nil || len(left) != 2 || left[0] != 4 || left[1] != 6 {
		t.Fatal(left, err)
	}
	program := filepath.Join(t.TempDir(), "kinds")
	build := exec.Command("go", "build", "-overlay="+overlay, "-o", program, ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(version string) string {
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), Variable+"="+version)
		out, _ := cmd.CombinedOutput() // what it says tells how it went
		return strings.TrimSpace(string(out))
	}
	if got := run(""); got != "said 1 3 [a b] 7" {
		t.Errorf("without a version: %s", got)
	}
	for i, c := range changes {
		if got := run(string(rune('1' + i))); c.says != "" && got != c.says {
			t.Errorf("%s -> %s: %s, want %s", c.from, c.to, got, c.says)
		}
	}
	for _, none := range []string{"8", "0", "-1", "x"} {
		if got := run(none); !strings.Contains(got, "there is no version "+none) {
			t.Errorf("version %s: %s", none, got)
		}
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != kinds {
		t.Error("the file was changed", err)
	}
}

// What cannot be read, or does not parse, is an error.
func TestBadVersions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.go")
	if _, _, err := Overlay(t.TempDir(), ".", []Version{{path: nil}}); err == nil {
		t.Error("a file that is not there")
	}
	if err := os.WriteFile(path, []byte("package a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Overlay(t.TempDir(), ".", []Version{{path: []byte("package")}}); err == nil {
		t.Error("a version that does not parse")
	}
}
