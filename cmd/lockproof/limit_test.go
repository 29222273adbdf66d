package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
)

// front is a suite with a scenario that is searched in no time, and one whose lowering does not end
// while a test waits.
const front = `suite: front
protocol: mail-2009-10
source: |
  int shared;
  void quick(virDomainObjPtr vm)
  {
      virDomainObjLock(vm);
      virDomainObjUnlock(vm);
  }
  void slow(virDomainObjPtr vm)
  {
      int i, j;
      for (i = 0; i < 30000; i++) {
          for (j = 0; i > 10000 && j < 9000; j++)
              ;
          shared = i % 2;
      }
  }
scenarios:
  - {name: quick, threads: [quick(vm1)], expect: ok}
  - {name: slow, threads: [slow(vm1) x2], expect: ok}
  - {name: later, threads: [quick(vm1) x2], expect: ok}
`

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// Every command that reads suites ends when its context does, before it has read them, with the
// exit code of a limit.
func TestEnded(t *testing.T) {
	suite := write(t, "front.yaml", front)
	ctx, end := context.WithCancel(t.Context())
	end()
	for _, args := range [][]string{
		{"verify", suite},
		{"check", suite},
		{"check", suite + ":quick", "--replay", "1"},
		{"order", suite},
		{"list", suite},
		{"show", suite},
		{"export", "--to", "promela", suite + ":quick"},
		{"crosscheck", suite},
		{"conform", suite},
	} {
		var stdout, stderr bytes.Buffer
		code := run(ctx, args, &stdout, &stderr)
		if code != exitLimit || stdout.Len() > 0 || stderr.String() != "lockproof: stopped (interrupted) before there was an answer\n" {
			t.Errorf("%s: exit code %d\n%s%s", args[0], code, stdout.String(), stderr.String())
		}
	}
}

// A limit that is hit while a scenario is lowered makes it unknown, as one that is hit in the
// search does.
func TestLimitOfLowering(t *testing.T) {
	suite := write(t, "front.yaml", front)
	for name, c := range map[string]struct {
		args  []string
		after time.Duration // until an interrupt
		limit model.Limit
	}{
		"timeout":   {[]string{"--timeout", "500ms"}, time.Hour, model.TimeoutLimit},
		"memory":    {[]string{"--max-memory", "6M"}, time.Hour, model.MemoryLimit},
		"interrupt": {nil, 500 * time.Millisecond, model.InterruptLimit},
	} {
		for _, command := range []string{"check", "verify", "order"} {
			ctx, end := context.WithCancel(t.Context())
			timer := time.AfterFunc(c.after, end)
			var stdout, stderr bytes.Buffer
			code := run(ctx, append([]string{command, suite, "--format", "json", "--quiet"}, c.args...), &stdout, &stderr)
			timer.Stop()
			end()
			var report reports.Report
			if err := json.Unmarshal(stdout.Bytes(), &report); err != nil || code != exitLimit || len(report.Results) != 3 {
				t.Fatalf("%s %s: exit code %d, %v\n%s%s", command, name, code, err, stdout.String(), stderr.String())
			}
			slow := report.Results[1]
			if slow.Verdict != model.Unknown || slow.Limit != c.limit || slow.Pass || strings.Join(slow.Threads, " ") != "slow(vm1) slow(vm1)" {
				t.Errorf("%s %s: %+v", command, name, slow)
			}
			for _, i := range []int{0, 2} {
				if r := report.Results[i]; r.Verdict != model.OK && (name == "memory" || r.Limit != c.limit) {
					t.Errorf("%s %s: %s is %s (%s)", command, name, r.Scenario, r.Verdict, r.Limit)
				}
			}
		}
	}
}

// What a limit left out is written in every format.
func TestLimitFormats(t *testing.T) {
	suite := write(t, "front.yaml", front)
	out := filepath.Join(t.TempDir(), "out")
	for _, args := range [][]string{
		{"verify", suite, "--out", out},
		{"check", suite + ":slow"},
		{"order", suite + ":slow"},
		{"order", suite + ":slow", "--dot"},
		{"order", suite + ":slow", "--svg"},
		{"conform", suite + ":slow"},
	} {
		limit := []string{"--max-memory", "6M"}
		if args[0] == "conform" {
			limit = []string{"--timeout", "1ms"}
		}
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append(args, limit...), &stdout, &stderr); code != exitLimit {
			t.Errorf("%v: exit code %d\n%s%s", args, code, stdout.String(), stderr.String())
		}
	}
	for _, name := range []string{"index.html", "results.json", "junit.xml", "results.sarif"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
}

// Errors win over limits: a suite that is wrong is wrong, however little time there is for the
// rest.
func TestErrorBeforeLimit(t *testing.T) {
	suite := write(t, "front.yaml", strings.Replace(front, "quick(vm1) x2]", "quik(vm1) x2]", 1))
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"verify", suite, "--max-memory", "6M"}, &stdout, &stderr); code != exitInput || stdout.Len() > 0 {
		t.Errorf("exit code %d\n%s%s", code, stdout.String(), stderr.String())
	}
}
