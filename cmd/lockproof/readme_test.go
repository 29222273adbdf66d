package main

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestReadme runs the commands that the README shows and compares their output with the README's;
// times are left out.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```console\n\\$ lockproof ([^\n]*)\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 3 {
		t.Fatalf("the README shows %d commands, want at least 3", len(blocks))
	}
	times := regexp.MustCompile(`\d+ ms`)
	for _, b := range blocks {
		var stdout, stderr bytes.Buffer
		run(context.Background(), strings.Fields(b[1]), &stdout, &stderr)
		got, want := times.ReplaceAllString(stdout.String(), "- ms"), times.ReplaceAllString(b[2], "- ms")
		if got != want {
			t.Errorf("lockproof %s prints\n%s\nthe README says\n%s", b[1], got, want)
		}
	}
}
