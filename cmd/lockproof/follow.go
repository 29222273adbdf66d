package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/libvirt"
	"github.com/lockproof/lockproof/libvirt/api"
	"github.com/lockproof/lockproof/reports/answers"
)

// follow reads something that is still written, and says what is wrong each time that there is more
// of it. A signal, or the end of a pipe, ends it.
func (x *answerWriter) follow(ctx context.Context, name string) error {
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		e := &evidence{name: name}
		if err := e.look(ctx); err == nil && api.Recognise(e.head) {
			return fmt.Errorf("%s: --follow reads a log; what clients saw is read once it is complete", name)
		}
	}
	in, err := openGrowing(ctx, name)
	if err != nil {
		return err
	}
	defer in.Close()
	r := follower()
	final, err := r.Follow(ctx, diagnose.Input{Name: name, Reader: in}, func(d *diagnose.Diagnosis) error {
		return x.show(name, d)
	})
	if err != nil {
		return err
	}
	x.report = newReport()
	answers.AddDiagnosis(x.report, []string{name}, final)
	return x.end()
}

// follower is the reader of what is written while it is read.
func follower() diagnose.Follower {
	for _, r := range libvirt.Readers(libvirt.Options{}) {
		if f, ok := r.(diagnose.Follower); ok {
			return f
		}
	}
	panic("no reader can follow")
}

// openGrowing opens a file to be read beyond its end, or a pipe.
func openGrowing(ctx context.Context, name string) (io.ReadCloser, error) {
	if name == "-" {
		return &pumped{newPump(ctx, os.Stdin)}, nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	f, err := files.Stream(ctx, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return f, nil
	}
	return &growing{ctx: ctx, name: name, f: f, info: info}, nil
}

// A pumped reader is a pump that can be closed.
type pumped struct{ *pump }

func (p *pumped) Close() error {
	p.close()
	return nil
}

// pause is how long a file is left alone at whose end we are.
const pause = 200 * time.Millisecond

// A growing file has no end. When another one takes its name, as when logs are rotated, that one is
// read from its beginning; when it is cut, it is read again.
type growing struct {
	ctx  context.Context
	name string
	f    io.ReadCloser
	info os.FileInfo
	read int64
}

// Read implements [io.Reader]. It ends with the context.
func (g *growing) Read(p []byte) (int, error) {
	for {
		n, err := g.f.Read(p)
		g.read += int64(n)
		if n > 0 {
			return n, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		select {
		case <-g.ctx.Done():
			return 0, io.EOF
		case <-time.After(pause):
		}
		if err := g.reopen(); err != nil {
			return 0, err
		}
	}
}

// reopen opens what has the name now, if that is another file or has become shorter. While nothing
// has the name, it waits.
func (g *growing) reopen() error {
	info, err := os.Stat(g.name)
	if err != nil || os.SameFile(info, g.info) && info.Size() >= g.read {
		return nil
	}
	f, err := files.Stream(g.ctx, g.name)
	if err != nil {
		if g.ctx.Err() != nil {
			return io.EOF
		}
		return fmt.Errorf("%s: %w", g.name, err)
	}
	g.f.Close()
	g.f, g.info, g.read = f, info, 0
	return nil
}

func (g *growing) Close() error { return g.f.Close() }
