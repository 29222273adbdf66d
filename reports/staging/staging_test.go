package staging

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// names lists a directory.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

func text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// put writes a file for a test.
func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestCreate(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, "new", "deep", name) }
	if err := Create(File{at("a"), []byte("1")}, File{at("b"), []byte("2")}); err != nil {
		t.Fatal(err)
	}
	if got := names(t, filepath.Dir(at("a"))) + text(t, at("a")) + text(t, at("b")); got != "a b12" {
		t.Error(got)
	}
	err := Create(File{at("c"), nil}, File{at("b"), []byte("3")})
	if err == nil || err.Error() != at("b")+" exists already: nothing was written" {
		t.Error(err)
	}
	if got := names(t, filepath.Dir(at("a"))) + text(t, at("b")); got != "a b2" {
		t.Error(got)
	}
}

// A file that comes to be between the look and the writing is not overwritten, and those before it
// are taken back.
func TestCreateRace(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	err := write([]File{{at("a"), []byte("1")}, {at("b"), []byte("2")}}, true, func(x *putting, made, target string) error {
		if target == at("b") {
			put(t, target, "theirs")
		}
		return x.create(made, target)
	})
	if err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Error(err)
	}
	if got := names(t, dir) + text(t, at("b")); got != "btheirs" {
		t.Error(got)
	}
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	put(t, at("old"), "old")
	if err := errors.Join(os.Chmod(at("old"), 0o600), os.Symlink("old", at("link")), os.Mkdir(at("folder"), 0o755)); err != nil {
		t.Fatal(err)
	}
	if err := Replace(File{at("link"), []byte("1")}, File{at("new"), []byte("2")}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(at("link"))
	if err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link is %v, %v", info, err)
	}
	if info, err := os.Stat(at("old")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if got := names(t, dir) + text(t, at("old")) + text(t, at("new")); got != "folder link new old12" {
		t.Error(got)
	}
	for _, name := range []string{"folder", "nowhere/x", "old/x"} {
		if err := Replace(File{at(name), nil}); err == nil || !strings.Contains(err.Error(), at(name)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The second cannot be put in place: the first is as it was.
	err = write([]File{{at("old"), []byte("3")}, {at("fresh"), nil}, {at("folder"), []byte("4")}}, false, func(x *putting, made, target string) error {
		return x.replace(made, target)
	})
	if err == nil || !strings.Contains(err.Error(), at("folder")) {
		t.Error(err)
	}
	if got := names(t, dir) + text(t, at("old")); got != "folder link new old1" {
		t.Error(got)
	}
}

// What is no file is written to, and stays what it is.
func TestReplaceDevice(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	name := filepath.Join("/dev/fd", strconv.Itoa(int(w.Fd())))
	if _, err := os.Stat(name); err != nil {
		t.Skip("there is no /dev/fd")
	}
	if err := Replace(File{name, []byte("x\n")}); err != nil {
		t.Fatal(err)
	}
	w.Close()
	var b [8]byte
	if n, _ := r.Read(b[:]); string(b[:n]) != "x\n" {
		t.Errorf("%q", b[:n])
	}
	if err := Replace(File{os.DevNull, nil}); err != nil {
		t.Error(err)
	}
	if err := Replace(File{os.DevNull, nil}, File{filepath.Join(t.TempDir(), "x"), nil}); err == nil {
		t.Error("two files, one of them a device")
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&os.ModeDevice == 0 {
		t.Fatalf("%v, %v", info, err)
	}
}

// What a dead process left is cleared away, what a living one has is not, nor what only looks like
// it.
func TestClear(t *testing.T) {
	parent := t.TempDir()
	alive, err := New(parent, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close()
	if !strings.HasPrefix(filepath.Base(alive.Path()), prefix()) {
		t.Skipf("no locks on this file system: %s", alive.Path())
	}
	put(t, filepath.Join(alive.Path(), "x"), "")
	dead := filepath.Join(parent, prefix()+"1234")
	others := []string{".lockproof-new-77", ".lockproof-00000000-5", ".lockproof-notes"}
	for _, d := range append(others, filepath.Base(dead)) {
		if err := os.MkdirAll(filepath.Join(parent, d, "below"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	outside := t.TempDir()
	put(t, filepath.Join(outside, "precious"), "")
	if err := os.Symlink(outside, filepath.Join(parent, prefix()+"link")); err != nil {
		t.Fatal(err)
	}
	var mended []string
	d, err := New(parent, func(dir string) { mended = append(mended, dir) })
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if len(mended) != 1 || mended[0] != dead {
		t.Errorf("mended %q", mended)
	}
	for _, d := range append(others, filepath.Base(alive.Path())+"/x", prefix()+"link/precious") {
		if _, err := os.Stat(filepath.Join(parent, d)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Lstat(dead); err == nil {
		t.Error("what the dead process left is still there")
	}
}

// Directories that were made for nothing go again, unless there is something in them.
func TestUnmake(t *testing.T) {
	parent := t.TempDir()
	for _, busy := range []bool{false, true} {
		d, err := New(filepath.Join(parent, "a", "b"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if busy {
			put(t, filepath.Join(parent, "a", "note"), "")
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, parent) + names(t, filepath.Join(parent, "a")); got != "anote" {
		t.Error(got)
	}
}
