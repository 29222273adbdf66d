//go:build unix

package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestLocate(t *testing.T) {
	dir, _ := hostile(t) // and works there
	for path, want := range map[string]string{
		"a.c": ". a.c", "./d/": ". d", "d/self/b.c": ". d/self/b.c", ".": ". .", "leaves.c": ". leaves.c",
		"../in/a.c": "../in a.c", "..": ".. .", dir: dir + " .", dir + "/d/b.c": dir + "/d b.c",
	} {
		at, name, err := Locate(path)
		if got := at + " " + name; err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", path, got, err, want)
		}
	}
	if _, _, err := Locate("nowhere"); err == nil {
		t.Error("no error")
	}
	// The root of the file system is nobody's project.
	t.Chdir("/")
	local := strings.TrimPrefix(dir, "/")
	for path, want := range map[string]string{local: local + " .", local + "/a.c": local + " a.c", ".": ". ."} {
		at, name, err := Locate(path)
		if got := at + " " + name; err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", path, got, err, want)
		}
	}
}

func TestReadGiven(t *testing.T) {
	dir, _ := hostile(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.WriteString(w, "piped"); err != nil {
		t.Fatal(err)
	}
	w.Close()
	for path, want := range map[string]string{
		"a.c": "inside", dir + "/chain.c": "inside", "../in/a.c": "inside", fmt.Sprintf("/dev/fd/%d", r.Fd()): "piped",
		"leaves.c": "open leaves.c: " + errOutside.Error(), dir + "/leaves.c": "open " + dir + "/leaves.c: " + errOutside.Error(),
		"zero.c": "open zero.c: " + errOutside.Error(), "pipe.c": "open pipe.c: it is a pipe, not a regular file",
		"/dev/zero": "open /dev/zero: it is a device, not a regular file", "nowhere": "open nowhere: no such file or directory",
		"d": "open d: it is a directory, not a file",
	} {
		text, err := ReadGiven(t.Context(), path, 100)
		got := string(text)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestIsDescriptor(t *testing.T) {
	for path, want := range map[string]bool{
		"/dev/stdin": true, "/dev/fd/63": true, "/proc/self/fd/0": true,
		"/dev/fd/../../etc/passwd": false, "/dev/fd/": false, "/dev/zero": false, "dev/stdin": false, "/dev/stdin/": false, "/x/dev/fd/1": false, "/dev/fd/1\n": false,
	} {
		if IsDescriptor(path) != want {
			t.Errorf("%q", path)
		}
	}
}

func TestInside(t *testing.T) {
	dir, beside := hostile(t)
	for path, want := range map[string]error{
		"new": nil, "d/new/newer": nil, "into/new": nil, "..": nil, "../out/new": nil, beside: nil, dir + "/out": nil, "a.c": nil, "": nil,
		"out": errLinkedOut, "out/new/newer": errLinkedOut, "up/x": errLinkedOut, "abs": errLinkedOut, "leaves.c": errLinkedOut, "d/self/hops.c": errLinkedOut,
	} {
		if err := Inside(path); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
}

func pipe(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// Who reads a pipe may be there before who writes.
func TestStreamPipe(t *testing.T) {
	name := pipe(t)
	go func() {
		if w, err := os.OpenFile(name, os.O_WRONLY, 0); err == nil {
			io.WriteString(w, "late")
			w.Close()
		}
	}()
	s, err := Stream(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if text, err := io.ReadAll(s); err != nil || string(text) != "late" {
		t.Errorf("%s, %v", text, err)
	}
}

// A pipe to which nobody writes does not outlast the context: neither its opening nor its reading.
func TestStreamInterrupted(t *testing.T) {
	name := pipe(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Stream(ctx, name); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	w, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, cancel = context.WithCancel(t.Context())
	s, err := Stream(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := io.WriteString(w, "x"); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1)
	if _, err := io.ReadFull(s, b); err != nil {
		t.Fatal(err)
	}
	go cancel()
	if _, err := s.Read(b); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A user may name a file anywhere, and a link to it, but nothing that has no end.
func TestStreamFile(t *testing.T) {
	hostile(t)
	for path, want := range map[string]string{
		"a.c": "inside", "leaves.c": canary, "zero.c": "open zero.c: it is a device, not a regular file", "d": "open d: it is a directory, not a file",
		"socket.c": "open socket.c: it is a socket, not a regular file", "nowhere": "open nowhere: no such file or directory",
	} {
		s, err := Stream(t.Context(), path)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			text, err := io.ReadAll(s)
			got = fmt.Sprintf("%s%v", text, errors.Join(err, s.Close()))
			got = strings.TrimSuffix(got, "<nil>")
		}
		if got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
