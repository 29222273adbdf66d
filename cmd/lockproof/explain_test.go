package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
)

// Every kind has a lesson, whose bad C has that kind and nothing else at first, and whose good C is
// ok.
func TestLessons(t *testing.T) {
	t.Chdir(t.TempDir())
	names := []string{string(model.Deadlock), string(model.PartialDeadlock)}
	for _, k := range model.Kinds() {
		names = append(names, string(k))
	}
	for _, name := range names {
		l, err := scenarios.LessonOf(name)
		if err != nil || l == nil {
			t.Errorf("%s has no lesson: %v", name, err)
			continue
		}
		for file, c := range map[string]string{"bad.c": l.Bad, "good.c": l.Good} {
			if err := os.WriteFile(file, []byte(c), 0o644); err != nil {
				t.Fatal(err)
			}
			r := answered(t, append([]string{"check", file}, l.Question.Args()...))
			switch {
			case r == nil:
			case file == "good.c" && (r.Verdict != model.OK || r.Race != nil):
				t.Errorf("%s: good.c is %s (%s)", name, r.Verdict, r.Kind)
			case file == "bad.c" && string(r.Kind) != name && string(r.Verdict) != name:
				t.Errorf("%s: bad.c is %s (%s)", name, r.Verdict, r.Kind)
			}
		}
	}
	entries, err := filepath.Glob("*")
	if err != nil || !slices.Equal(entries, []string{"bad.c", "good.c"}) {
		t.Error(entries, err)
	}
}

// answered runs a command that has one result.
func answered(t *testing.T, args []string) *reports.Result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	run(t.Context(), append(args, "--format", "json"), &stdout, &stderr)
	var r reports.Report
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil || len(r.Results) != 1 {
		t.Errorf("%s: %v\n%s", strings.Join(args, " "), err, stderr.String())
		return nil
	}
	return &r.Results[0]
}
