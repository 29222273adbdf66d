package syntax

import (
	"fmt"
	"strings"
	"testing"
)

// parseText parses a source called t.c.
func parseText(mode Mode, text string) (*File, Diagnostics) {
	return Parse(Source{Name: "t.c", Text: []byte(text)}, Options{Mode: mode})
}

// mustParse is parseText for a source without errors.
func mustParse(t *testing.T, mode Mode, text string) *File {
	t.Helper()
	f, diags := parseText(mode, text)
	if err := diags.Err(); err != nil {
		t.Fatalf("unexpected errors:\n%v\nin:\n%s", err, text)
	}
	return f
}

// dumpOf returns a Dump without its first line and without positions.
func dumpOf(t *testing.T, f *File) string {
	t.Helper()
	var b strings.Builder
	if err := Dump(&b, f); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(b.String()) {
		line, _, _ = strings.Cut(strings.TrimSuffix(line, "\n"), "  @")
		lines = append(lines, strings.TrimPrefix(line, "  "))
	}
	return strings.Join(lines[1:], "\n")
}

// compare reports the difference of two texts, by line.
func compare(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// typeOf is the Go type of a node.
func typeOf(n Node) string { return fmt.Sprintf("%T", n) }
