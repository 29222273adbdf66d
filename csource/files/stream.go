package files

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
)

// Stream opens what a user names to be read from beginning to end: a file wherever it lies, or a
// pipe, which may have no writer yet. Neither opening nor reading outlasts ctx.
func Stream(ctx context.Context, path string) (io.ReadCloser, error) {
	info, err := os.Stat(path)
	if err == nil {
		err = fileOrPipe(info)
	}
	if err != nil {
		return nil, at("open", path, err)
	}
	f, err := openWaiting(ctx, path)
	if err != nil {
		return nil, at("open", path, err)
	}
	if info, err = f.Stat(); err == nil {
		err = fileOrPipe(info)
	}
	if err != nil {
		f.Close()
		return nil, at("open", path, err)
	}
	stop := context.AfterFunc(ctx, func() { f.SetReadDeadline(time.Unix(1, 0)) })
	return &stream{ctx, f, stop}, nil
}

func fileOrPipe(info fs.FileInfo) error {
	if info.Mode()&fs.ModeNamedPipe != 0 {
		return nil
	}
	return regular(info)
}

// openWaiting opens a file, or a pipe when somebody writes to it.
func openWaiting(ctx context.Context, path string) (*os.File, error) {
	type opened struct {
		f   *os.File
		err error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := os.Open(path)
		done <- opened{f, err}
	}()
	select {
	case o := <-done:
		return o.f, o.err
	case <-ctx.Done():
		go func() { // the pipe may get its writer later
			if o := <-done; o.err == nil {
				o.f.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

// A stream is a file whose reads end with a context.
type stream struct {
	ctx  context.Context
	f    *os.File
	stop func() bool
}

func (s *stream) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.f.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) && s.ctx.Err() != nil {
		err = s.ctx.Err()
	}
	return n, err
}

func (s *stream) Close() error {
	s.stop()
	return s.f.Close()
}
