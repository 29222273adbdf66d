//go:build unix

package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A signal ends the wait for a history that comes through a pipe, before its writer is there and
// after.
func TestInterruptPipe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe.jsonl")
	if err := syscall.Mkfifo(name, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "lockproof", "history", name)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w, err := os.OpenFile(name, os.O_WRONLY, 0) // comes back when lockproof reads
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitLimit || !strings.Contains(stdout.String(), "was not checked to its end (interrupted)") {
		t.Errorf("exit code %d (%v)\n%s%s", code, err, stdout.String(), stderr.String())
	}

	ctx, stop := context.WithCancel(t.Context())
	stop()
	stdout.Reset()
	if code := run(ctx, []string{"history", name}, &stdout, &stderr); code != exitLimit || !strings.Contains(stdout.String(), "was not checked to its end (interrupted)") {
		t.Errorf("exit code %d\n%s%s", code, stdout.String(), stderr.String())
	}
}
