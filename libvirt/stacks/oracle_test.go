package stacks_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/stacks"
)

// hangs are the scenarios of testdata/hang.c: what is wrong in them, with the owners of mutexes
// printed and without.
var hangs = map[string]struct{ owners, stacks diagnose.Cause }{
	"order":       {diagnose.LockOrder, diagnose.LockOrder},
	"ring":        {diagnose.LockOrder, diagnose.LockOrder},
	"self":        {diagnose.SelfDeadlock, diagnose.SelfDeadlock},
	"left-agent":  {diagnose.LockLeftLocked, diagnose.LockLeftLocked},
	"left-domain": {diagnose.LockLeftLocked, diagnose.LockLeftLocked},
	"event":       {diagnose.LockOrder, diagnose.CannotTell}, // the domain is locked where libvirt would have unlocked it
	"lost-job":    {diagnose.CannotTell, diagnose.CannotTell},
	"silent":      {diagnose.QEMUSilent, diagnose.QEMUSilent},
	"agent":       {diagnose.AgentSilent, diagnose.AgentSilent},
	"busy":        {diagnose.CannotTell, diagnose.CannotTell},
	"remote":      {diagnose.OtherHost, diagnose.OtherHost},
	"none":        {diagnose.CannotTell, diagnose.CannotTell},
}

// A real process hangs in a known way, gdb takes its stacks, and the diagnosis must say what the
// process said about itself.
func TestRealHangs(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs Linux")
	}
	for _, tool := range []string{"gcc", "gdb"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs the Debian package %s", tool)
		}
	}
	dir := t.TempDir()
	program, script := filepath.Join(dir, "hang"), filepath.Join(dir, "recipe.gdb")
	if out, err := exec.Command("gcc", "-g", "-O0", "-pthread", "-Wno-cast-function-type", "-o", program, "testdata/hang.c").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.WriteFile(script, []byte(stacks.Recipe), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range hangs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told, dump := hang(t, program, script, name)
			withOwners := read(t, "owners", dump)
			without := read(t, "stacks", ownerLine.ReplaceAll(dump, nil))
			if withOwners.Cause != want.owners || without.Cause != want.stacks {
				t.Fatalf("%s with owners, %s without; want %s and %s\n%s\n%s", withOwners.Cause, without.Cause, want.owners, want.stacks, told, dump)
			}
			compare(t, withOwners, told, true)
			compare(t, without, told, !strings.HasPrefix(name, "left-") && name != "event")
		})
	}
}

var ownerLine = regexp.MustCompile(`(?m)^mutex 0x.*\n`)

// hang runs a scenario and takes its stacks once all threads are where they said that they go.
func hang(t *testing.T, program, script, scenario string) (told string, dump []byte) {
	t.Helper()
	cmd := exec.Command(program, scenario)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	lines := bufio.NewScanner(out)
	ready := false
	for lines.Scan() && !ready {
		ready = lines.Text() == "ready"
		if !ready {
			told += lines.Text() + "\n"
		} else {
			break
		}
	}
	if !ready {
		t.Fatalf("it ended early; it said\n%s", told)
	}
	var stderr bytes.Buffer
	gdb := exec.Command("gdb", "-nx", "-batch", "-p", strconv.Itoa(cmd.Process.Pid), "-x", script)
	gdb.Stderr = &stderr
	dump, err = gdb.Output()
	if err != nil || !bytes.Contains(dump, []byte("Thread 1 ")) {
		if strings.Contains(stderr.String()+string(dump), "ptrace") {
			t.Skipf("gdb may not attach: %s", stderr.String())
		}
		t.Fatalf("gdb: %v\n%s\n%s", err, stderr.String(), dump)
	}
	if !bytes.Contains(dump, []byte("pthread_mutex_lock (mutex=")) && !bytes.Contains(dump, []byte("pthread_cond_wait (cond=")) {
		t.Skip("needs the Debian package libc6-dbg: without it gdb cannot print mutexes")
	}
	return told, dump
}

func read(t *testing.T, name string, text []byte) *diagnose.Diagnosis {
	t.Helper()
	d, err := stacks.Reader{}.Read(context.Background(), []diagnose.Input{{Name: name, Reader: bytes.NewReader(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var said = regexp.MustCompile(`^thread (\d+) (?:idle)?(?: ?waits (\S+))?(?: (0x[0-9a-f]+))?(?: holds (\w+))?$`)

// compare holds what a process said against a diagnosis. What a thread has left locked only shows
// where the owners were printed.
func compare(t *testing.T, d *diagnose.Diagnosis, told string, holders bool) {
	t.Helper()
	waits := 0
	for line := range strings.Lines(told) {
		m := said.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			t.Fatalf("not understood: %s", line)
		}
		thread, _ := strconv.ParseInt(m[1], 10, 64)
		if m[2] != "" {
			waits++
			if !slices.ContainsFunc(d.Waiters, func(w diagnose.Waiter) bool {
				return w.Thread == thread && (string(w.For) == m[2] || m[2] == "job" && w.For == diagnose.ForAsync) && (m[3] == "" || w.Domain == m[3])
			}) {
				t.Errorf("%q, but the waiters are %s", line, show(d.Waiters))
			}
		}
		if m[4] != "" && holders && !slices.ContainsFunc(d.Holders, func(h diagnose.Holder) bool { return h.Thread == thread && h.Lock == m[4] }) {
			t.Errorf("%q, but the holders are %s", line, show(d.Holders))
		}
	}
	if len(d.Waiters) != waits {
		t.Errorf("%d threads wait, not %s", waits, show(d.Waiters))
	}
}

func show[T any](all []T) string { return fmt.Sprintf("%+v", all) }
