package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/scenarios"
)

// peakMain is the tool; in the end it writes on stderr how much memory the process had at most.
func peakMain() {
	code := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmHWM:") {
			fmt.Fprint(os.Stderr, line)
		}
	}
	os.Exit(code)
}

// TestPeakMemory holds the whole process to --max-memory, with two scenarios side by side that both
// need more.
func TestPeakMemory(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc")
	}
	const limit = 80 << 10 // kilobytes
	suite := filepath.Join(t.TempDir(), "big.yaml")
	text := big[:strings.Index(big, "scenarios:")] + `scenarios:
  - {name: one, threads: [client(vm1) x9, client(vm2) x8], expect: ok}
  - {name: two, threads: [client(vm1) x9, client(vm2) x8], expect: ok}
`
	if err := os.WriteFile(suite, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("lockproof-peak", "verify", suite, "--workers", "2", "--reduce", "none", "--max-memory", fmt.Sprintf("%dK", limit), "--quiet")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run() // the exit code says it
	if code := cmd.ProcessState.ExitCode(); code != exitLimit || strings.Count(stdout.String(), "(max-memory)") != 2 {
		t.Fatalf("exit code %d\n%s%s", code, stdout.String(), stderr.String())
	}
	var peak int
	if _, err := fmt.Sscanf(stderr.String(), "VmHWM: %d kB", &peak); err != nil {
		t.Fatalf("%v in %q", err, stderr.String())
	}
	if most := limit*115/100 + 60<<10; peak > most || peak < limit/2 {
		t.Errorf("%d kB at its peak, of at most %d", peak, most)
	}
	t.Logf("%d kB of %d", peak, limit)
}

// TestBeside leaves to the states what a program does not take, and half of the memory at least.
func TestBeside(t *testing.T) {
	scs, err := scenarios.Resolve(t.Context(), []string{"call-patterns:two-queries"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := scs[0].Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	held := lower.Bytes(p)
	for _, tt := range []struct {
		memory int64
		shares int
		want   int64
	}{{0, 1, 0}, {0, 4, 0}, {1, 1, 1}, {1, 4, 1}, {held, 1, held / 2}, {4 * held, 1, 3 * held}, {4 * held, 2, held}, {4 * held, 4, held / 2}} {
		l := limits{maxMemory: size(tt.memory)}
		if got := l.beside(p, tt.shares); got != tt.want {
			t.Errorf("%d of %d bytes in %d shares, beside %d", got, tt.memory, tt.shares, held)
		}
	}
}
