//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// entries lists a directory.
func entries(t *testing.T, dir string) string {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range all {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// When the reader of stdout goes away while a report is open, nothing of it is left, and the
// process ends as others do.
func TestBrokenPipeWithReport(t *testing.T) {
	for _, args := range [][]string{
		{"verify", "event-loop", "--out", "rep"}, {"check", "event-loop", "--out", "a/rep"}, {"explore", "--threads", "info(vm1)", "--out", "rep"},
	} {
		dir := t.TempDir()
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		var stderr bytes.Buffer
		cmd := exec.Command("lockproof", args...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = dir, w, &stderr
		err = cmd.Run()
		w.Close()
		if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGPIPE || stderr.Len() > 0 {
			t.Errorf("%q: %v\n%s", args, err, &stderr)
		}
		if got := entries(t, dir); got != "" {
			t.Errorf("%q left %s", args, got)
		}
	}
}

// A reader of stderr that goes away is no reason to stop.
func TestBrokenStderr(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	cmd := exec.Command("lockproof", "verify", "event-loop", "--progress-every", "1ns")
	cmd.Stderr = w
	if out, err := cmd.Output(); err != nil || !bytes.Contains(out, []byte("as expected")) {
		t.Errorf("%v\n%s", err, out)
	}
}

// blocked starts a verify that has a report open and waits for ever to write its first row.
func blocked(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	if err := w.SetWriteDeadline(time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	raw, err := w.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	full := func(fd uintptr) bool {
		for {
			if _, err := syscall.Write(int(fd), make([]byte, 4096)); err != nil {
				return true
			}
		}
	}
	if err := raw.Write(full); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("lockproof", "verify", "event-loop", "--out", "rep")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, w, os.Stderr // which makes it wait when it writes
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if got, _ := filepath.Glob(filepath.Join(dir, ".lockproof-*-*")); len(got) == 1 && !strings.Contains(got[0], "new") {
			return cmd
		}
		if time.Now().After(end) {
			t.Fatal("no report is open")
		}
	}
}

// A second signal ends the process even where the first cannot, and leaves nothing.
func TestSecondSignal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(fmt.Sprint(sig), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			cmd := blocked(t, dir)
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			for again := true; again; {
				cmd.Process.Signal(sig)
				select {
				case err := <-ended:
					if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != sig {
						t.Error(err)
					}
					again = false
				case <-time.After(10 * time.Millisecond):
				}
			}
			if got := entries(t, dir); got != "" {
				t.Errorf("left behind: %s", got)
			}
		})
	}
}

// What is left by a process that was killed goes with the next run, and not before a living one is
// done with it.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	killed, alive := blocked(t, dir), (*exec.Cmd)(nil)
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	killed.Wait()
	if got := entries(t, dir); !strings.HasPrefix(got, ".lockproof-") {
		t.Fatalf("nothing was left: %s", got)
	}
	before := entries(t, dir)
	next := exec.Command("lockproof", "verify", "event-loop", "--out", "other")
	next.Dir = dir
	if out, err := next.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := entries(t, dir); got != "other" {
		t.Errorf("%s, before %s", got, before)
	}
	alive = blocked(t, dir)
	next = exec.Command("lockproof", "verify", "event-loop", "--out", "third")
	next.Dir = dir
	if out, err := next.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := strings.Fields(entries(t, dir)); len(got) != 3 || !strings.HasPrefix(got[0], ".lockproof-") {
		t.Errorf("the report of a living process is gone: %q", got)
	}
	alive.Process.Kill()
	alive.Wait()
}

// What stdout does not take is an error of every command.
func TestFullStdout(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("there is no /dev/full")
	} else if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("tiny.yaml", []byte(tiny), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"verify", "tiny.yaml", "--out", "made"}, {"stress", "--operations", "1", "--no-overhead", "-q", "--history", "load.jsonl"},
	} {
		if code := run(t.Context(), args, io.Discard, io.Discard); code != exitOK {
			t.Fatal(args, code)
		}
	}
	for _, args := range [][]string{
		{},
		{"help", "check"},
		{"check", "--help"},
		{"version"},
		{"completion", "bash"},
		{"completion", "zsh"},
		{"completion", "fish"},
		{"completion", "powershell"},
		{"schema", "suite"},
		{"schema", "result"},
		{"list"},
		{"list", "--format", "json"},
		{"show", "tiny.yaml"},
		{"show", "tiny.yaml:one"},
		{"show", "mail-2009-10"},
		{"check", "tiny.yaml"},
		{"check", "tiny.yaml", "--format", "json"},
		{"check", "tiny.yaml:one", "--replay", "1"},
		{"order", "tiny.yaml"},
		{"order", "tiny.yaml", "--dot"},
		{"order", "tiny.yaml", "--svg"},
		{"order", "tiny.yaml", "--format", "json"},
		{"verify", "tiny.yaml"},
		{"verify", "tiny.yaml", "--format", "json"},
		{"verify", "tiny.yaml", "--baseline", "known.json", "--write-baseline"},
		{"report", "made/results.json"},
		{"report", "made/results.json", "--format", "json"},
		{"export", "tiny.yaml:one", "--to", "promela"},
		{"export", "tiny.yaml:one", "--to", "tla"},
		{"init", "new"},
		{"init", "new", "--ci", "github", "--pin", "v0.1.0"},
		{"history", "load.jsonl"},
		{"history", "load.jsonl", "--format", "json"},
		{"explore", "--threads", "info(vm1)"},
		{"explore", "--threads", "info(vm1)", "--format", "json"},
		{"conform", "event-loop:two-of-them"},
		{"stress", "--operations", "1", "--no-overhead", "-q"},
		{"stress", "--operations", "1", "--no-overhead", "-q", "--format", "json"},
		{"bench", "--mix", "query", "--threads", "1", "--domains", "1", "--reduce", "none"},
		{"bench", "--mix", "query", "--threads", "1", "--domains", "1", "--reduce", "none", "--format", "json"},
	} {
		var stderr bytes.Buffer
		if code := run(t.Context(), args, full, &stderr); code != exitInput || !strings.Contains(stderr.String(), "no space left on device") {
			t.Errorf("%q: exit code %d: %s", args, code, &stderr)
		}
	}
	left, err := filepath.Glob(".lockproof-*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}
