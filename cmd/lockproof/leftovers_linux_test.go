package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Of runs that are killed, and of those that come to their end, nothing is left once another has
// begun: no directory, no file, no QEMU. What others have there stays. Everybody who lives holds
// the end of a pipe.
func TestNothingIsLeftBehind(t *testing.T) {
	dir := t.TempDir()
	qemu := filepath.Join(t.TempDir(), "qemu")
	if err := os.WriteFile(qemu, []byte("#!/bin/sh\necho up >&3\nexec sleep 1000\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	const foreign = "lockproof-qemu-of-somebody"
	if err := os.Mkdir(filepath.Join(dir, foreign), 0o700); err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	if err := read.SetReadDeadline(time.Now().Add(2 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	for run := range 20 {
		program := qemu
		if run%2 == 1 {
			program = "/bin/true"
		}
		var out bytes.Buffer
		cmd := exec.Command("lockproof", "stress", "--qemu", program, "--domains", "1", "--operations", "50", "--quiet")
		cmd.Env, cmd.ExtraFiles, cmd.Stdout = append(os.Environ(), "TMPDIR="+dir), []*os.File{write}, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if run%2 == 0 {
			if _, err := io.ReadFull(read, make([]byte, len("up\n"))); err != nil {
				t.Fatal("QEMU does not come up:", err)
			}
			if got, _ := filepath.Glob(filepath.Join(dir, "lockproof-qemu-*", "qmp")); len(got) == 0 {
				t.Fatal("there is no socket, so nothing to be left")
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Errorf("run %d ended well: %s", run, &out)
		}
	}
	if got := entries(t, dir); got != foreign {
		t.Errorf("%s is left", got)
	}
	write.Close()
	if rest, err := io.ReadAll(read); err != nil || len(rest) > 0 {
		t.Errorf("a QEMU is left: %q, %v", rest, err)
	}
}
