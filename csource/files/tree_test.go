//go:build unix

package files

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
)

const canary = "canary-9b1f"

// hostile makes a directory with all that a checkout could hold, beside one that nobody may read
// from there.
func hostile(t testing.TB) (dir, beside string) {
	t.Helper()
	base := t.TempDir()
	dir, beside = filepath.Join(base, "in"), filepath.Join(base, "out")
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(name, text string) {
		t.Helper()
		do(os.MkdirAll(filepath.Dir(name), 0o755))
		do(os.WriteFile(name, []byte(text), 0o644))
	}
	write(filepath.Join(dir, "a.c"), "inside")
	write(filepath.Join(dir, "d", "b.c"), "deeper")
	write(filepath.Join(beside, "a.c"), canary)
	write(filepath.Join(beside, "d", "b.c"), canary)
	for name, to := range map[string]string{
		"stays.c": "a.c", "chain.c": "d/chain.c", "d/chain.c": "../stays.c", "into": "d", "d/self": ".",
		"absolute.c": filepath.Join(dir, "a.c"), "leaves.c": "../out/a.c", "hops.c": "d/hops.c", "d/hops.c": "../../out/a.c",
		"returns.c": "../in/a.c", "out": "../out", "up": "..", "abs": beside, "root": "/", "loop.c": "loop.c",
		"environ.c": "/proc/self/environ", "magic": "/proc/self/cwd", "zero.c": "/dev/zero", "dangling.c": "nowhere.c",
	} {
		do(os.Symlink(to, filepath.Join(dir, name)))
	}
	do(syscall.Mkfifo(filepath.Join(dir, "pipe.c"), 0o644))
	t.Chdir(dir) // the path of a socket is short
	l, err := net.Listen("unix", "socket.c")
	do(err)
	t.Cleanup(func() { l.Close() })
	return dir, beside
}

func TestTree(t *testing.T) {
	dir, _ := hostile(t)
	tree, err := NewTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := errOutside.Error()
	for name, want := range map[string]string{
		"a.c": "inside", "d/b.c": "deeper", "stays.c": "inside", "chain.c": "inside", "into/b.c": "deeper", "d/self/self/b.c": "deeper",
		"absolute.c": out, "leaves.c": out, "hops.c": out, "returns.c": out, "out/a.c": out, "up/out/a.c": out, "up/in/a.c": out,
		"abs/a.c": out, "root/etc/passwd": out, "environ.c": out, "magic/a.c": out, "zero.c": out,
		"loop.c": syscall.ELOOP.Error(), "dangling.c": syscall.ENOENT.Error(), "a.c/b.c": syscall.ENOTDIR.Error(),
		"../out/a.c": "invalid path", "/etc/passwd": "invalid path", "d/../a.c": "invalid path", "a\x00.c": "invalid path", "": "invalid path",
		"pipe.c": "it is a pipe, not a regular file", "socket.c": "it is a socket, not a regular file", "d": "it is a directory, not a file",
		"into": "it is a directory, not a file", ".": "it is a directory, not a file", "out": out,
	} {
		text, err := Read(t.Context(), tree, name, 100)
		got := string(text)
		var bad *fs.PathError
		if errors.As(err, &bad) {
			got = bad.Err.Error()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	for _, name := range []string{"out", "up", "abs", "root", "magic"} {
		if entries, err := tree.ReadDir(name); err == nil {
			t.Errorf("%s lists %v", name, entries)
		}
	}
}

// The tree is a file system like any other.
func TestTreeFS(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, fstest.MapFS{"a/b.c": {Data: []byte("b")}, "a/c/d.yaml": {}, "e": {}}); err != nil {
		t.Fatal(err)
	}
	tree, err := NewTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(tree, "a/b.c", "a/c/d.yaml", "e"); err != nil {
		t.Error(err)
	}
	if _, err := tree.Open("none"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// Another directory in the place of the first is not read.
func TestTreeReplaced(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	for _, text := range []string{"first", "second"} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "a.c"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if text == "second" {
			break
		}
		tree, err := NewTree(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if text, err := Read(t.Context(), tree, "a.c", 100); !errors.Is(err, errReplaced) {
				t.Errorf("%s, %v", text, err)
			}
		}()
		if err := os.Rename(dir, dir+"-old"); err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzTree: no path reads what lies beside the tree, and no error quotes it.
func FuzzTree(f *testing.F) {
	dir, beside := hostile(f)
	for _, name := range []string{
		"a.c", "leaves.c", "out/a.c", "up/out/d/b.c", "../out/a.c", "d/self/../../out/a.c", "OUT/a.c", "abs/d/b.c", "root/OUT/a.c", "pipe.c",
		"into/hops.c", "/", "..", "a.c/", "//out//a.c", "out\x00/a.c", "./out/./a.c",
	} {
		f.Add(name)
	}
	tree, err := NewTree(dir)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name string) {
		name = strings.ReplaceAll(name, "OUT", beside)
		text, err := Read(t.Context(), tree, name, 1<<20)
		if strings.Contains(string(text), canary) || err != nil && strings.Contains(err.Error(), canary) {
			t.Fatalf("%q: %q, %v", name, text, err)
		}
		entries, err := tree.ReadDir(name)
		for _, e := range entries {
			if _, inside := os.Lstat(filepath.Join(dir, filepath.FromSlash(name), e.Name())); inside != nil {
				t.Fatalf("%q has %s (%v, %v)", name, e.Name(), inside, err)
			}
		}
	})
}
