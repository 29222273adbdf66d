package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// failsOnce is full at its first write only.
type failsOnce struct{ written int }

func (f *failsOnce) Write(p []byte) (int, error) {
	if f.written++; f.written == 1 {
		return 0, errFull
	}
	return len(p), nil
}

var errFull = errors.New("full")

// What is lost is known in the end, also where nobody asked whether it was written; and is not told
// twice.
func TestSink(t *testing.T) {
	a := newApp(&failsOnce{}, &strings.Builder{})
	fmt.Fprintln(a.stdout, "lost")
	fmt.Fprintln(a.stdout, "there")
	if err := a.written(nil); !errors.Is(err, errFull) || err.Error() != "writing to standard output: full" {
		t.Error(err)
	}
	if err := a.written(fmt.Errorf("a row: %w", errFull)); err != nil {
		t.Error(err)
	}
	a = newApp(&failsOnce{}, &strings.Builder{})
	a.stdout.Write([]byte("\xe2\x80")) // which may be the beginning of a rune: it is kept back
	if err := a.written(nil); !errors.Is(err, errFull) {
		t.Error(err)
	}
}
