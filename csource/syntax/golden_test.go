package syntax

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden parses every C file of testdata in both modes, which must agree, and compares the dump
// with the golden file.
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.c")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no C files in testdata: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var dumps [2]bytes.Buffer
			for i, mode := range []Mode{Strict, Tolerant} {
				f, diags := Parse(Source{Name: filepath.Base(path), Text: text}, Options{Mode: mode})
				if err := diags.Err(); err != nil {
					t.Error(err)
				}
				if err := Dump(&dumps[i], f); err != nil {
					t.Fatal(err)
				}
			}
			compare(t, dumps[1].String(), dumps[0].String())
			golden := strings.TrimSuffix(path, ".c") + ".golden"
			if *update {
				if err := os.WriteFile(golden, dumps[0].Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, dumps[0].String(), string(want))
		})
	}
}
