package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A bomb takes no memory: half a gigabyte in one line, of which 64 KiB are looked at.
func TestBombTakesNoMemory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bomb.jsonl.zst")
	if err := os.WriteFile(file, compressed(t, 512, firstLine, strings.Repeat("\x00", 1<<20)), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("lockproof", "history", file) // testscript.Main put it on the path
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != exitInput || !strings.Contains(stderr.String(), "bomb.jsonl.zst:2:65537: ") {
		t.Fatal(err, stderr.String())
	}
	if kib := exit.SysUsage().(*syscall.Rusage).Maxrss; kib > 128<<10 {
		t.Errorf("it took %d KiB", kib)
	}
}
