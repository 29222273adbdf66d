package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/spf13/pflag"
)

// tiny is a suite that is searched in no time.
const tiny = `suite: tiny
source: |
  pthread_mutex_t m;
  void f(void) { pthread_mutex_lock(&m); pthread_mutex_unlock(&m); }
scenarios:
  - {name: one, threads: [f()], expect: ok}
`

// smallest is how each command is asked for as little as can be.
var smallest = map[string][]string{
	"bench": {"--mix", "query", "--threads", "1", "--domains", "1", "--reduce", "none"}, "check": {"tiny.yaml"}, "completion": {"bash"},
	"conform":    {"call-patterns:two-queries"},
	"crosscheck": {"nothing.yaml"}, "explore": {"--threads", "info(vm1)", "--schedules", "1"}, "export": {"tiny.yaml:one", "--to", "tla"},
	"history": {"nothing.jsonl"}, "init": {"new"}, "list": {"tiny.yaml"}, "order": {"tiny.yaml"}, "report": {"nothing.json"}, "schema": {"suite"},
	"lint": {"nothing.c"}, "mutate": {"tiny.yaml", "--no-cache"}, "pairs": {"--tree", "nothing.c"}, "slice": {"f", "--tree", "nothing.c"},
	"show": {"tiny.yaml"}, "stress": {"--operations", "1", "--goroutines", "1", "--domains", "1", "--no-overhead", "-q"}, "verify": {"tiny.yaml"},
}

// Whatever a flag or an argument is, the answer is an exit code that means something, and harmless:
// no panic, and none of the work that a huge number asks for.
func TestOddValues(t *testing.T) {
	values := []string{
		"", "0", "-1", "NaN", "9223372036854775807", "99999999999999999999", "0/0", "99999999999G", "2562047h", "\x1b[2J", "a\n::error::b", "\xff\u202e",
		"nonexistent/x", strings.Repeat("9", 5000),
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("tiny.yaml", []byte(tiny), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, cmd := range commands() {
		path := strings.Fields(cmd.CommandPath())[1:]
		if len(path) == 0 || !cmd.Runnable() {
			continue
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name == "workers" || f.Name == "operations" { // the first has a bound and a test of its own; of the other any number may be asked for
				return
			}
			for _, v := range values {
				odd(t, slices.Concat(path, smallest[path[0]], []string{"--" + f.Name + "=" + v}))
			}
		})
		for _, v := range values {
			odd(t, append(slices.Clone(path), v))
			odd(t, append(slices.Clone(path), "--no"+v))
		}
	}
	left, err := filepath.Glob(".lockproof-*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func odd(t *testing.T, args []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	code := run(ctx, args, &stdout, &stderr)
	if code < exitOK || code > exitLimit || strings.Contains(stderr.String(), "internal error") || ctx.Err() != nil {
		t.Errorf("%q: exit code %d\n%s%s", args, code, &stdout, &stderr)
	}
	if code == exitInput && stderr.Len() == 0 {
		t.Errorf("%q: no message", args)
	}
	harmless(t, args, stderr.String())
	if !slices.Contains([]string{"export", "completion", "schema", "show"}, args[0]) {
		harmless(t, args, stdout.String())
	}
}

// command is what a CI runner obeys.
var command = regexp.MustCompile(`(?im)^\s*::|##(vso|teamcity)?\[`)

// harmless asks for text of which every rune is seen, and which no CI runner obeys.
func harmless(t *testing.T, args []string, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && !printable.Shown(r) {
			t.Fatalf("%q: %q in %q", args, r, text)
		}
	}
	if command.MatchString(text) {
		t.Fatalf("%q: a command in %q", args, text)
	}
}
