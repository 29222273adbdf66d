package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/libvirt"
	"github.com/lockproof/lockproof/libvirt/api"
)

// mostEvidence is how many files are read in one run.
const mostEvidence = 10_000

// An evidence is something to be diagnosed: a file, a pipe or standard input.
type evidence struct {
	name  string // as messages show it
	found bool   // in a directory that was named: what it is may be no concern of ours
	head  []byte // its first bytes; given back once they have been looked at
	looks string // of compressed data: what can be read of it

	stream *bufio.Reader // of what cannot be opened twice
	close  func()
}

// gather lists what the arguments name. A directory stands for its files, the oldest of rotated
// ones first.
func gather(args []string) ([]*evidence, error) {
	var all []*evidence
	for _, arg := range args {
		info, err := os.Stat(arg)
		if arg == "-" || err != nil || !info.IsDir() {
			all = append(all, &evidence{name: arg})
			continue
		}
		entries, err := os.ReadDir(arg)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, e := range entries {
			if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
				names = append(names, e.Name())
			}
		}
		if len(names) == 0 {
			return nil, fmt.Errorf("%s: no file lies in the directory", arg)
		}
		slices.SortStableFunc(names, rotation)
		for _, n := range names {
			all = append(all, &evidence{name: filepath.Join(arg, n), found: true})
		}
	}
	if len(all) > mostEvidence {
		return nil, fmt.Errorf("%d files are more than the %d that are read in one run", len(all), mostEvidence)
	}
	return all, nil
}

// isDocument reports whether a file is one that people write, by its name. It may quote lines of
// logs.
func isDocument(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".md", ".rst", ".adoc":
		return true
	}
	return strings.HasPrefix(strings.ToLower(filepath.Base(name)), "readme")
}

var rotated = regexp.MustCompile(`^(.*?)\.(\d+)(\.(?:gz|zst))?$`)

// rotation is the order in which logrotate's files were written: x.log.2.gz, x.log.1, x.log.
func rotation(a, b string) int {
	nameA, ageA := rotationOf(a)
	nameB, ageB := rotationOf(b)
	if nameA != nameB {
		return strings.Compare(nameA, nameB)
	}
	return ageB - ageA
}

func rotationOf(name string) (string, int) {
	m := rotated.FindStringSubmatch(name)
	if m == nil || len(m[2]) > 6 { // longer ones are dates, which sort by themselves
		return name, 0
	}
	age, err := strconv.Atoi(m[2])
	if err != nil {
		return name, 0
	}
	return m[1], age
}

// open is the content from the beginning, decompressed. What cannot be opened twice is read ahead
// once.
func (e *evidence) open(ctx context.Context) (*bufio.Reader, func(), error) {
	if e.stream != nil {
		return e.stream, func() {}, nil
	}
	var f io.ReadCloser = io.NopCloser(os.Stdin)
	once := true
	if e.name != "-" {
		info, err := os.Stat(e.name)
		if err == nil {
			f, err = files.Stream(ctx, e.name)
		}
		if err != nil {
			return nil, nil, err
		}
		once = !info.Mode().IsRegular()
	}
	in, letGo, err := decompress(ctx, e.name, f)
	if err != nil {
		f.Close()
		if e.looks = unreadable; errors.Is(err, errTorn) {
			return nil, nil, e.unread(ctx, err)
		}
		return nil, nil, fmt.Errorf("%s: %w", e.name, err)
	}
	done := func() { letGo(); f.Close() }
	r := bufio.NewReaderSize(in, diagnose.HeadSize)
	if once {
		e.stream, e.close = r, done
		return r, func() {}, nil
	}
	return r, done, nil
}

// look reads the first bytes.
func (e *evidence) look(ctx context.Context) error {
	r, done, err := e.open(ctx)
	if err != nil {
		return err
	}
	head, err := r.Peek(diagnose.HeadSize)
	e.head = slices.Clone(head)
	done()
	switch {
	case len(head) == 0:
		e.looks = unreadable
	case e.isOurs():
		e.looks = "what can be read of it looks like something of libvirtd"
	default:
		e.looks = "what can be read of it does not look like something of libvirtd"
	}
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return e.unread(ctx, err)
	}
	return nil
}

// unread says of what cannot be read what to do.
func (e *evidence) unread(ctx context.Context, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) || ctx.Err() != nil {
		return fmt.Errorf("%s: %w", e.name, err)
	}
	if !errors.Is(err, errTorn) {
		return fmt.Errorf("%s: %w: send the file again, or what can be read of it", e.name, err)
	}
	part := ""
	if e.looks != unreadable {
		part = ", or what zcat (gzip) or zstdcat (zstd) still reads of it"
	}
	return fmt.Errorf("%s: %w; %s\nsend instead: the whole file%s", e.name, err, e.looks, part)
}

// unreadable is what torn data looks like of which nothing comes.
const unreadable = "nothing of it can be read"

// isOurs reports whether the first bytes are something that history reads.
func (e *evidence) isOurs() bool {
	return api.Recognise(e.head) || isRecord(e, nil) ||
		slices.ContainsFunc(libvirt.Readers(libvirt.Options{}), func(r diagnose.Reader) bool {
			return r.Recognise(e.head) >= diagnose.Fits
		})
}

// letGo closes what was kept open.
func (e *evidence) letGo() {
	if e.close != nil {
		e.close()
		e.close = nil
	}
}

// input is the evidence as a reader takes it: it is opened when it is read.
func (e *evidence) input(ctx context.Context) diagnose.Input {
	return diagnose.Input{Name: e.name, Reader: &opening{ctx: ctx, e: e}}
}

// An opening opens when it is read for the first time, and closes at the end.
type opening struct {
	ctx  context.Context
	e    *evidence
	r    *bufio.Reader
	done func()
	err  error
}

func (o *opening) Read(p []byte) (int, error) {
	if o.r == nil && o.err == nil {
		o.r, o.done, o.err = o.e.open(o.ctx)
	}
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.r.Read(p)
	if err != nil {
		o.done()
		o.err = err
		if !errors.Is(err, io.EOF) {
			o.err = o.e.unread(o.ctx, err)
		}
	}
	return n, o.err
}
