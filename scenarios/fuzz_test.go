package scenarios

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockproof/lockproof/csource/syntax"
)

// FuzzLoad: no input makes the reader panic, and every diagnostic points into the file.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := LoadFS(t.Context(), fstest.MapFS{"s.yaml": {Data: []byte(text)}, "bodies.c": {Data: []byte("void f(void) {}")}}, "s.yaml")
		if err == nil {
			return
		}
		var ds syntax.Diagnostics
		if !errors.As(err, &ds) || len(ds) == 0 {
			t.Fatalf("%T: %v", err, err)
		}
		lines := strings.Split(strings.TrimPrefix(text, "\uFEFF"), "\n")
		for _, d := range ds {
			if d.Pos.File != "s.yaml" || d.Pos.Line < 1 || d.Pos.Line > len(lines) {
				t.Fatalf("%s lies outside the file", d)
			}
			if d.Pos.Col < 1 || d.Pos.Col > len(lines[d.Pos.Line-1])+1 {
				t.Fatalf("%s lies outside its line %q", d, lines[d.Pos.Line-1])
			}
		}
	})
}
