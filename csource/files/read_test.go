package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// An endless file says that it is small. It calls read before each piece.
type endless struct{ read func() }

func (e *endless) Open(string) (fs.File, error)   { return e, nil }
func (e *endless) Stat() (fs.FileInfo, error)     { return e, nil }
func (e *endless) Close() error                   { return nil }
func (e *endless) Name() string                   { return "a.c" }
func (e *endless) Size() int64                    { return 1 }
func (e *endless) Mode() fs.FileMode              { return 0o644 }
func (e *endless) ModTime() time.Time             { return time.Time{} }
func (e *endless) IsDir() bool                    { return false }
func (e *endless) Sys() any                       { return nil }
func (e *endless) Read(b []byte) (n int, _ error) { e.read(); return len(b), nil }

func TestReadLimit(t *testing.T) {
	fsys := fstest.MapFS{"a.c": {Data: make([]byte, 5000)}}
	if text, err := Read(t.Context(), fsys, "a.c", 5000); err != nil || len(text) != 5000 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	_, err := Read(t.Context(), fsys, "a.c", 4999)
	if err == nil || err.Error() != "read a.c: it has 5000 bytes, more than the limit of 4999" {
		t.Error(err)
	}
	_, err = Read(t.Context(), fsys, "b.c", 1)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// A file that grows while it is read is bounded like one that is large.
func TestReadGrowing(t *testing.T) {
	const limit = 3 << 20
	total := 0
	text, err := Read(t.Context(), &endless{func() { total++ }}, "a.c", limit)
	if err == nil || err.Error() != fmt.Sprintf("read a.c: it has more bytes than the limit of %d", limit) || text != nil || total > 100 {
		t.Errorf("%d bytes after %d reads, %v", len(text), total, err)
	}
}

func TestReadContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	reads := 0
	_, err := Read(ctx, &endless{func() { reads++; cancel() }}, "a.c", 1<<40)
	if !errors.Is(err, context.Canceled) || reads != 1 {
		t.Errorf("%v after %d reads", err, reads)
	}
}

// A reader gives every text once, and all of them together stay within the budget.
func TestReader(t *testing.T) {
	fsys := fstest.MapFS{"a.c": {Data: []byte("0123456789")}, "b.c": {Data: []byte("0123456789")}, "c.c": {Data: []byte("01")}}
	budget := NewBudget(15)
	r := NewReader(fsys, budget)
	first, err := r.Read(t.Context(), "a.c", 10)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if again, err := r.Read(t.Context(), "a.c", 10); err != nil || &again[0] != &first[0] {
			t.Errorf("%s, %v", again, err)
		}
	}
	for range 2 {
		_, err = NewReader(fsys, budget).Read(t.Context(), "b.c", 10)
		if err == nil || err.Error() != "read b.c: it has 10 bytes, and 5 of the 15 that may be read altogether are left" {
			t.Error(err)
		}
	}
	for range 2 {
		if text, err := r.Take(t.Context(), "c.c", 10); err != nil || string(text) != "01" {
			t.Errorf("%s, %v", text, err)
		}
	}
	if _, err := r.Take(t.Context(), "c.c", 10); err == nil {
		t.Error("a text that is not kept costs nothing")
	}
}

// A vast directory has more entries than any project; a deep one more levels.
type vast struct{ entries, depth int }

func (v vast) Open(name string) (fs.File, error) { return nil, fs.ErrNotExist }

func (v vast) Stat(name string) (fs.FileInfo, error) {
	return fs.FileInfoToDirEntry(&dir{name}).Info()
}

func (v vast) ReadDir(name string) ([]fs.DirEntry, error) {
	if strings.Count(name, "/") >= v.depth {
		return nil, nil
	}
	var es []fs.DirEntry
	for i := range v.entries {
		es = append(es, fs.FileInfoToDirEntry(&dir{fmt.Sprint(i)}))
	}
	return es, nil
}

type dir struct{ name string }

func (d *dir) Name() string       { return d.name }
func (d *dir) Size() int64        { return 0 }
func (d *dir) Mode() fs.FileMode  { return fs.ModeDir | 0o755 }
func (d *dir) ModTime() time.Time { return time.Time{} }
func (d *dir) IsDir() bool        { return true }
func (d *dir) Sys() any           { return nil }

func TestWalk(t *testing.T) {
	r := NewReader(fstest.MapFS{
		"s/b.yaml": {}, "s/a.yaml": {}, "s/a.yml": {}, "s/d/c.yaml": {}, "s/.git/x.yaml": {}, "s/x.yaml/in.yaml": {}, "s/l.yaml": {Mode: fs.ModeSymlink, Data: []byte("d")},
	}, nil)
	var found []string
	err := r.Walk("s", ".yaml", func(name string) { found = append(found, name) })
	if got := strings.Join(found, " "); err != nil || got != "s/a.yaml s/b.yaml s/d/c.yaml s/l.yaml s/x.yaml/in.yaml" {
		t.Errorf("%s, %v", got, err)
	}
	for want, fsys := range map[error]fs.FS{errVast: vast{entries: 10, depth: 10}, errDeep: vast{entries: 1, depth: 200}} {
		err := walk(fsys, ".", ".yaml", 10_000, func(string) {})
		var bad *fs.PathError
		if !errors.Is(err, want) || !errors.As(err, &bad) || bad.Path == "." {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

func TestReadAll(t *testing.T) {
	for _, n := range []int{0, 1, 4095, 4096, 4097, 1 << 20, 3<<20 + 7} {
		text := bytes.Repeat([]byte("x"), n)
		got, err := readAll(t.Context(), io.MultiReader(bytes.NewReader(text[:n/2]), bytes.NewReader(text[n/2:])), int64(n))
		if err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d of %d bytes, %v", len(got), n, err)
		}
	}
}
