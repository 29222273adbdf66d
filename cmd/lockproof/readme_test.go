package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// TestReadme runs the commands that the README and the guide to history show, in the root of the
// repository, and compares their output with what stands there; times are left out.
func TestReadme(t *testing.T) {
	t.Chdir("../..")
	for file, least := range map[string]int{"README.md": 4, "docs/history.md": 1} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		shows(t, file, string(text), least)
	}
}

// The causes in the guide are the vocabulary.
func TestCausesDoc(t *testing.T) {
	text, err := os.ReadFile("../../docs/history.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range diagnose.Causes() {
		if line := fmt.Sprintf("| `%s` | %s |\n", c.Word, c.Meaning); !strings.Contains(string(text), line) {
			t.Errorf("docs/history.md lacks %s", line)
		}
	}
}

func shows(t *testing.T, file, text string, least int) {
	t.Helper()
	blocks := regexp.MustCompile("(?s)```console\n\\$ lockproof ([^\n]*)\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(blocks) < least {
		t.Fatalf("%s shows %d commands, want at least %d", file, len(blocks), least)
	}
	times := regexp.MustCompile(`\d+ ms`)
	for _, b := range blocks {
		var stdout, stderr bytes.Buffer
		run(context.Background(), strings.Fields(b[1]), &stdout, &stderr)
		got, want := times.ReplaceAllString(stdout.String(), "- ms"), times.ReplaceAllString(b[2], "- ms")
		if got != want {
			t.Errorf("lockproof %s prints\n%s\n%s says\n%s", b[1], got, file, want)
		}
	}
}
