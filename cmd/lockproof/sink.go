package main

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/lockproof/lockproof/model/printable"
)

// A sink is stdout. It remembers that something could not be written: no command can forget to ask.
type sink struct {
	w   io.Writer
	mu  sync.Mutex
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.err == nil {
			s.err = err
		}
	}
	return n, err
}

// Unwrap is the writer below.
func (s *sink) Unwrap() io.Writer { return s.w }

// flush writes what a writer for people has kept back.
func flush(w io.Writer) error {
	if p, ok := w.(*printable.Writer); ok {
		return p.Flush()
	}
	return nil
}

// written says what of stdout could not be written, unless err, with which the command ended, says
// so already.
func (a *app) written(err error) error {
	flush(a.stdout) // if that fails, data knows
	a.data.mu.Lock()
	defer a.data.mu.Unlock()
	if a.data.err == nil || errors.Is(err, a.data.err) {
		return nil
	}
	return fmt.Errorf("writing to standard output: %w", a.data.err)
}
