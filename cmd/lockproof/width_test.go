package main

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The longest lines. A tab is one column.
const (
	widestComment = 100
	widestCode    = 120
)

// wideYet are files that had longer lines when the bounds came, and that several people were
// changing. Whoever breaks their lines takes them out.
var wideYet = []string{
	"checker/lint/lint.go",
	"checker/mutate/graph.go",
	"checker/typestate/report.go",
	"checker/typestate/world.go",
}

// TestWidths keeps lines readable side by side. What cannot be broken is let be: raw strings,
// links, and the expected output of an example. So are the tables of tests, in which a case is a
// line.
func TestWidths(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != root && (strings.HasPrefix(e.Name(), ".") || e.Name() == "testdata"):
			return fs.SkipDir
		case e.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		if name, err := filepath.Rel(root, path); err != nil || slices.Contains(wideYet, filepath.ToSlash(name)) {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, line := range tooWide(string(text), strings.HasSuffix(path, "_test.go")) {
			t.Errorf("%s:%d is too long", path, line)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tooWide are the numbers of the lines of a file that are too long.
func tooWide(text string, isTest bool) []int {
	lines := strings.Split(text, "\n")
	most := make([]int, len(lines)) // columns; 0: no matter how many
	for i := range most {
		if !isTest {
			most[i] = widestCode
		}
	}
	set := token.NewFileSet()
	file := set.AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), nil, scanner.ScanComments)
	output := false
	for {
		pos, tok, lit := s.Scan()
		first := file.Line(pos)
		switch {
		case tok == token.EOF:
			var wide []int
			for i, line := range lines {
				if most[i] > 0 && utf8.RuneCountInString(line) > most[i] {
					wide = append(wide, i+1)
				}
			}
			return wide
		case tok == token.STRING && lit[0] == '`':
			for i := range strings.Split(lit, "\n") {
				most[first-1+i] = 0
			}
		case tok == token.COMMENT && strings.TrimSpace(lines[first-1]) == lit:
			output = output || strings.HasPrefix(lit, "// Output:")
			switch {
			case output, strings.Contains(lit, "://"), strings.HasPrefix(lit, "//go:"):
				most[first-1] = 0
			case strings.HasPrefix(lit, "//\t"): // an example
				most[first-1] = widestCode
			default:
				most[first-1] = widestComment
			}
		case tok != token.COMMENT:
			output = false
		}
	}
}

// Each kind of line has its bound.
func TestTooWide(t *testing.T) {
	long := strings.Repeat("x", 90)
	for name, c := range map[string]struct {
		text string
		bad  bool // in code, and in tests if it is a comment
	}{
		"a comment":           {"// " + long + " 12345678", true},
		"a comment that fits": {"// " + long + " 123456", false},
		"a link":              {"// https://" + long + long, false},
		"code":                {"var x" + long + " = 1 + 2 + 3 + 4 + 5 + 6 + 7", true},
		"code that fits":      {"var x" + long + " = 1 + 2 + 3 + 4 + 5 +\n6", false},
		"a raw string":        {"var x = `" + long + long + "\n" + long + long + "`", false},
		"after a raw string":  {"var x = `a\n`\nvar x" + long + " = 1 + 2 + 3 + 4 + 5 + 6 + 7", true},
		"a string":            {"var x = \"" + long + long + "\"", true},
		"an example":          {"//\t" + long + " 12345678", false},
		"output":              {"func f() {\n// Output:\n// " + long + long + "\n}", false},
		"after output":        {"func f() {\n// Output:\n// x\n}\n// " + long + long, true},
	} {
		if got := len(tooWide("package p\n"+c.text+"\n", false)) > 0; got != c.bad {
			t.Errorf("%s: %v", name, got)
		}
		if got := len(tooWide("package p\n"+c.text+"\n", true)) > 0; got != (c.bad && strings.Contains(c.text, "//")) {
			t.Errorf("%s in a test: %v", name, got)
		}
	}
}
