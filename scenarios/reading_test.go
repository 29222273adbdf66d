//go:build unix

package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/lockproof/lockproof/csource/syntax"
)

// secret stands in every file that no suite may read, as a word that the C front end would quote.
const secret = "hunter2"

// checkout makes a directory as a stranger could send it, goes there, and returns it with the one
// beside that it leads to.
func checkout(t testing.TB) (dir, beside string) {
	t.Helper()
	base := t.TempDir()
	dir, beside = filepath.Join(base, "in"), filepath.Join(base, "out")
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"in/good.c": "void f(void) { }\n", "in/d/good.h": "void f(void) { }\n", "in/through.c": "#include \"link.h\"\n",
		"out/x.c": secret + " x;\n", "out/x.h": secret + " x;\n", "out/s.yaml": secret + ": x\n",
	} {
		name = filepath.Join(base, name)
		do(os.MkdirAll(filepath.Dir(name), 0o755))
		do(os.WriteFile(name, []byte(text), 0o644))
	}
	for name, to := range map[string]string{
		"link.c": "d/link.c", "d/link.c": "../good.c", "link.h": "d/good.h", "into": "d", "d/self": "..",
		"leaves.c": "../out/x.c", "leaves.h": "../out/x.h", "absolute.c": filepath.Join(beside, "x.c"), "hops.c": "d/hops.c", "d/hops.c": "../../out/x.c",
		"out": "../out", "up": "..", "root": "/", "passwd.c": "/etc/passwd", "environ.c": "/proc/self/environ", "zero.c": "/dev/zero", "loop.c": "loop.c",
	} {
		do(os.Symlink(to, filepath.Join(dir, name)))
	}
	do(os.Mkdir(filepath.Join(dir, "dir.c"), 0o755))
	do(syscall.Mkfifo(filepath.Join(dir, "pipe.c"), 0o644))
	do(os.WriteFile(filepath.Join(dir, "large.c"), nil, 0o644))
	do(os.Truncate(filepath.Join(dir, "large.c"), 1<<40))
	t.Chdir(dir) // the path of a socket is short
	l, err := net.Listen("unix", "socket.c")
	do(err)
	t.Cleanup(func() { l.Close() })
	return dir, beside
}

const linkedOut = "a symbolic link is absolute or leads out of the directory that is being read"

// What a suite names is a regular file in its tree, whatever way it is named.
func TestReadNothingElse(t *testing.T) {
	dir, _ := checkout(t)
	t.Setenv("LOCKPROOF_TOKEN", secret)
	for name, want := range map[string]string{
		"good.c": "", "link.c": "", "into/good.h": "", "d/self/good.c": "", "through.c": "",
		"leaves.c": linkedOut, "absolute.c": linkedOut, "hops.c": linkedOut, "out/x.c": linkedOut, "up/out/x.c": linkedOut, "root/etc/passwd": linkedOut,
		"passwd.c": linkedOut, "environ.c": linkedOut, "zero.c": linkedOut, "loop.c": "too many levels of symbolic links",
		"pipe.c": "it is a pipe, not a regular file", "socket.c": "it is a socket, not a regular file", "dir.c": "it is a directory, not a file",
		"large.c": "it has 1099511627776 bytes, more than the limit of 16777216",
	} {
		header := strings.TrimSuffix(name, ".c") + ".h"
		if name != "leaves.c" {
			header = name
		}
		for key, text := range map[string]string{
			"sources":  fmt.Sprintf("suite: s\nsources: [%s]\n", name),
			"protocol": fmt.Sprintf("suite: s\nprotocol: ./%s.c\n", strings.TrimSuffix(name, ".c")),
			"include":  fmt.Sprintf("suite: s\nsource: |\n  #include \"%s\"\n", header),
		} {
			if key == "protocol" && !strings.HasSuffix(name, ".c") {
				continue
			}
			at := map[string]string{"sources": ":2:11: ", "protocol": ":2:11: ", "include": ":3:12: cannot include `" + header + "`: "}[key]
			for _, suite := range []string{"s.yaml", dir + "/s.yaml"} {
				if err := os.WriteFile(suite, []byte(text+"scenarios: [{name: a, threads: [f()], expect: ok}]\n"), 0o644); err != nil {
					t.Fatal(err)
				}
				err := errors.Join(loadAll(suite)...)
				full := suite + at + strings.TrimSuffix(suite, "s.yaml") + map[bool]string{true: header, false: name}[key == "include"] + ": " + want
				switch {
				case want == "" && err != nil, want != "" && (err == nil || err.Error() != full):
					t.Errorf("%s as %s: %v, want %s", name, key, err, full)
				}
			}
		}
	}
}

// loadAll reads a suite with everything that it names, and returns what was wrong.
func loadAll(path string) []error {
	suites, err := Load(context.Background(), path)
	errs := []error{err}
	for _, s := range suites {
		_, err := s.C(context.Background())
		errs = append(errs, err)
	}
	return errs
}

// A directory of suites may hold anything. What is named like a suite and is none is an error;
// links to directories are passed by.
func TestWalkNothingElse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "in")
	if err := os.MkdirAll(filepath.Join(dir, "suites"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	text := "suite: s\nsource: |\n  void f(void) { }\nscenarios: [{name: a, threads: [f()], expect: ok}]\n"
	for name, text := range map[string]string{"suites/good.yaml": text, "../secret.yaml": secret + ": x\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"out.yaml": "../../secret.yaml", "zero.yaml": "/dev/zero", "suites": "..", "loop.yaml": "loop.yaml"} {
		if err := os.Symlink(to, filepath.Join("suites", name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo("suites/pipe.yaml", 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("suites/dir.yaml", 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := Load(t.Context(), "suites")
	want := []string{
		"suites/loop.yaml: too many levels of symbolic links", "suites/out.yaml: " + linkedOut,
		"suites/pipe.yaml: it is a pipe, not a regular file", "suites/zero.yaml: " + linkedOut,
	}
	if err == nil || err.Error() != strings.Join(want, "\n") {
		t.Errorf("%v", err)
	}
	for path, want := range map[string]string{
		"suites/out.yaml": linkedOut, dir + "/suites/out.yaml": linkedOut, "suites/zero.yaml": linkedOut,
		"suites/pipe.yaml": "it is a pipe, not a regular file", "/dev/zero": "it is a device, not a regular file",
		"suites/dir.yaml": "no suites: no *.yaml file in this directory or below it",
	} {
		if _, err := Load(t.Context(), path); err == nil || err.Error() != path+": "+want {
			t.Errorf("%s: %v", path, err)
		}
	}
	if suites, err := Load(t.Context(), "suites/suites/suites/good.yaml"); err != nil || len(suites) != 1 {
		t.Errorf("a link that stays inside: %v, %v", suites, err)
	}
}

// What a shell hands over is a suite without a directory.
func TestLoadDescriptor(t *testing.T) {
	for text, want := range map[string]string{
		"source: |\n  void f(void) { }\n":               "",
		"sources: [good.c]\n":                           "%s:2:11: no such file: /dev/fd/good.c",
		"source: |\n  #include \"../stdin\"\n":          "%s:3:12: cannot include `../stdin`: \"../stdin\" lies outside of what may be read",
		"source: |\n  #include \"1\"\n":                 "%s:3:12: cannot include `1`: no such file: /dev/fd/1",
		"source: 7\n" + strings.Repeat(" ", 4<<20) + "": "%s: it has more bytes than the limit of 4194304",
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		go func() {
			w.WriteString("suite: s\n" + text + "scenarios: [{name: a, threads: [f()], expect: ok}]\n")
			w.Close()
		}()
		path := fmt.Sprintf("/dev/fd/%d", r.Fd())
		err = errors.Join(loadAll(path)...)
		if want != "" {
			want = fmt.Sprintf(want, path)
		}
		if got := fmt.Sprint(err); got != want && (want != "" || err != nil) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// All files of a run together are bounded, and one that several suites name counts once.
func TestReadBudget(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	var names []string
	for i := range 5 {
		names = append(names, fmt.Sprintf("%d.c", i))
		if err := os.WriteFile(names[i], []byte(strings.Repeat(" ", 15<<20)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		text := fmt.Sprintf("suite: s%d\nsources: [%s]\nscenarios: [{name: a, threads: [f()], expect: ok}]\n", i, strings.Join(names[:4], ", "))
		if err := os.WriteFile(fmt.Sprintf("s%d.yaml", i), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Load(t.Context(), "."); err != nil {
		t.Error(err)
	}
	text := "suite: t\nsources: [4.c]\nscenarios: [{name: a, threads: [f()], expect: ok}]\n"
	if err := os.WriteFile("t.yaml", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Load(t.Context(), ".")
	if err == nil || !strings.HasPrefix(err.Error(), "t.yaml:2:11: 4.c: it has 15728640 bytes, and ") || strings.Contains(err.Error(), "\n") {
		t.Error(err)
	}
}

// FuzzPaths: whatever path a suite or an #include names, nothing beside the tree is read, no text
// of it is quoted, and every error points into the tree.
func FuzzPaths(f *testing.F) {
	dir, beside := checkout(f)
	for _, path := range []string{
		"good.c", "leaves.c", "d/../leaves.c", "d/self/leaves.h", "out/x.c", "up/out/x.c", "../out/x.c", "OUT/x.c", "root/OUT/x.c", "into/hops.c", "pipe.c", "zero.c",
		"passwd.c", "environ.c", "through.c", "socket.c", "dir.c", ".", "..", "", "./", "d//good.h", `..\out\x.c`, "C:x.c", "out/../out/x.c", "s.yaml",
	} {
		for key := range 3 {
			f.Add(path, key)
		}
	}
	f.Fuzz(func(t *testing.T, path string, key int) {
		path = strings.ReplaceAll(path, "OUT", beside)
		quoted, err := json.Marshal(path)
		if err != nil {
			t.Skip()
		}
		text := map[int]string{
			0: fmt.Sprintf("suite: s\nsources: [%s]\n", quoted),
			1: fmt.Sprintf("suite: s\nprotocol: %s\n", quoted),
			2: fmt.Sprintf("suite: s\nsource: |\n  #include \"%s\"\n", path),
		}[key%3] + "scenarios: [{name: a, threads: [f()], expect: ok}]\n"
		if err := os.WriteFile(filepath.Join(dir, "s.yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, suite := range []string{"s.yaml", filepath.Join(dir, "s.yaml")} {
			suites, err := Load(t.Context(), suite)
			errs := []error{err}
			for _, s := range suites {
				_, err := s.C(t.Context())
				errs = append(errs, err)
				for _, file := range s.Texts() {
					if strings.Contains(string(file.Text), secret) && !strings.Contains(path, secret) {
						t.Fatalf("%q read %s", path, file.Name)
					}
				}
			}
			for _, err := range errs {
				var ds syntax.Diagnostics
				if err == nil {
					continue
				}
				if !errors.As(err, &ds) || strings.Contains(err.Error(), secret) && !strings.Contains(path, secret) {
					t.Fatalf("%q: %v", path, err)
				}
				for _, d := range ds {
					if rel, err := filepath.Rel(dir, d.Pos.File); filepath.IsAbs(d.Pos.File) && (err != nil || !filepath.IsLocal(rel)) {
						t.Fatalf("%s lies outside", d)
					}
				}
			}
		}
	})
}
