//go:build unix

package crosscheck

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lockproof/lockproof/model"
)

// pretend puts a shell script into the search path that is called as the program of an engine, and
// returns a directory in which it can leave notes: $NOTES.
func pretend(t *testing.T, name, script string) (notes string) {
	t.Helper()
	notes = t.TempDir()
	bin := t.TempDir()
	text := "#!/bin/sh\nNOTES='" + notes + "'\n" + script + "\n"
	if err := os.WriteFile(filepath.Join(bin, name), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	if name == "spin" { // cc need not be there
		if err := os.Symlink("/bin/true", filepath.Join(bin, "cc")); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return notes
}

// temporary is where workshops are made in a test.
func temporary(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	return dir
}

func isEmpty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// noted waits for a note of a script.
func noted(t *testing.T, file string) string {
	t.Helper()
	for range 6000 {
		if text, err := os.ReadFile(file); err == nil && strings.HasSuffix(string(text), "\n") {
			return strings.TrimSpace(string(text))
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("nobody wrote %s", file)
	return ""
}

// isGone waits until a process is over: not there, or nobody has reaped it yet.
func isGone(t *testing.T, pid string) {
	t.Helper()
	for range 6000 {
		var n int
		if _, err := fmt.Sscan(pid, &n); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(n, 0); errors.Is(err, syscall.ESRCH) {
			return
		}
		if stat, err := os.ReadFile("/proc/" + pid + "/stat"); err == nil && strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %s goes on", pid)
}

// sleeper starts a process that would go on for a long time, and holds the output open.
const sleeper = "sleep 1000 &\necho $! > \"$NOTES/child\"\n"

// TestGroupEndsWithContext kills what a program has started, when the time is over, with it.
func TestGroupEndsWithContext(t *testing.T) {
	left := temporary(t)
	notes := pretend(t, "spin", sleeper+"echo $$ > \"$NOTES/self\"\nwait")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		noted(t, filepath.Join(notes, "self"))
		cancel()
	}()
	o, err := Run(ctx, SPIN, program(t, "polite"), RunOptions{})
	if err != nil || o.Verdict != model.Unknown || o.Limit != string(model.InterruptLimit) {
		t.Errorf("%+v, %v", o, err)
	}
	isGone(t, noted(t, filepath.Join(notes, "self")))
	isGone(t, noted(t, filepath.Join(notes, "child")))
	isEmpty(t, left)
}

// TestGroupEndsWithProgram kills what a program leaves behind, and does not wait for its output.
func TestGroupEndsWithProgram(t *testing.T) {
	left := temporary(t)
	notes := pretend(t, "spin", sleeper+"echo that is all; exit 7")
	w, err := newWorkshop("test")
	if err != nil {
		t.Fatal(err)
	}
	out, code, _, err := w.run(t.Context(), "spin")
	if runtime.GOOS == "linux" && (err != nil || code != 7 || out != "that is all\n") {
		t.Errorf("%q, %d, %v", out, code, err)
	}
	isGone(t, noted(t, filepath.Join(notes, "child")))
	w.close()
	isEmpty(t, left)
}

// TestOutputIsBounded gives no verdict when an engine prints without end.
func TestOutputIsBounded(t *testing.T) {
	left := temporary(t)
	notes := pretend(t, "spin", sleeper+"exec yes")
	o, err := Run(t.Context(), SPIN, program(t, "polite"), RunOptions{})
	if err != nil || o.Verdict != model.Unknown || o.Limit != outputLimit {
		t.Errorf("%+v, %v", o, err)
	}
	isGone(t, noted(t, filepath.Join(notes, "child")))
	isEmpty(t, left)
}

// TestWorkshopIsPrivate shows an engine a directory of its own, and little else.
func TestWorkshopIsPrivate(t *testing.T) {
	left := temporary(t)
	t.Setenv("LOCKPROOF_SECRET", "secret")
	t.Setenv("CPATH", "/somewhere")
	t.Setenv("HOME", "/somewhere")
	notes := pretend(t, "spin", "pwd > \"$NOTES/pwd\"; ls -ld . > \"$NOTES/mode\"; ls -A > \"$NOTES/files\"; env > \"$NOTES/env\"; exit 1")
	if _, err := Run(t.Context(), SPIN, program(t, "polite"), RunOptions{}); err == nil {
		t.Error("an engine that fails gives a result")
	}
	dir := noted(t, filepath.Join(notes, "pwd"))
	if filepath.Dir(dir) != left {
		t.Errorf("works in %s, want below %s", dir, left)
	}
	if mode := noted(t, filepath.Join(notes, "mode")); !strings.HasPrefix(mode, "drwx------") {
		t.Error(mode)
	}
	if files := strings.Fields(noted(t, filepath.Join(notes, "files"))); !slices.Equal(files, []string{"home", "model.pml", "tmp"}) {
		t.Error(files)
	}
	for line := range strings.Lines(noted(t, filepath.Join(notes, "env"))) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "HOME", "TMPDIR":
			if filepath.Dir(value) != dir {
				t.Errorf("%s is %s", name, value)
			}
		case "PATH", "LC_ALL", "LD_LIBRARY_PATH", "JAVA_HOME", "PWD", "OLDPWD", "SHLVL", "_":
		default:
			t.Errorf("the engine sees %s", line)
		}
	}
	isEmpty(t, left)
}

// TestKeep writes no file through a link, and none out of its directory.
func TestKeep(t *testing.T) {
	left := temporary(t)
	pretend(t, "spin", "echo made > pan.c; ln -s /etc/passwd link; exit 1")
	keep, outside := t.TempDir(), t.TempDir()
	other := filepath.Join(outside, "other")
	if err := errors.Join(
		os.WriteFile(other, []byte("mine"), 0o644), os.Mkdir(filepath.Join(keep, "a"), 0o755),
		os.Symlink(other, filepath.Join(keep, "a", "model.pml")), os.Symlink(outside, filepath.Join(keep, "b")),
	); err != nil {
		t.Fatal(err)
	}
	run := func(module string) error {
		_, err := Run(t.Context(), SPIN, program(t, "polite"), RunOptions{Dir: keep, Export: Options{Module: module}})
		return err
	}
	if err := run("a"); err == nil || !strings.Contains(err.Error(), "spin") {
		t.Errorf("error %v, want spin's", err)
	}
	if text, err := os.ReadFile(filepath.Join(keep, "a", "pan.c")); err != nil || string(text) != "made\n" {
		t.Errorf("pan.c: %q, %v", text, err)
	}
	if info, err := os.Lstat(filepath.Join(keep, "a", "model.pml")); err != nil || !info.Mode().IsRegular() {
		t.Errorf("model.pml: %v, %v", info, err)
	}
	if _, err := os.Lstat(filepath.Join(keep, "a", "link")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a link was kept: %v", err)
	}
	for _, module := range []string{"b", "../c", "..", "/c"} {
		if err := run(module); err == nil || strings.Contains(err.Error(), "crosscheck: spin") {
			t.Errorf("%s: error %v", module, err)
		}
	}
	if files, err := os.ReadDir(outside); err != nil || len(files) != 1 {
		t.Errorf("outside: %v, %v", files, err)
	}
	if text, err := os.ReadFile(other); err != nil || string(text) != "mine" {
		t.Errorf("outside: %q, %v", text, err)
	}
	isEmpty(t, left)
}
