// Lockproof checks the locking rules of libvirt's QEMU driver, and of C code like it, exhaustively.
// See `lockproof help`.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"syscall"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model/printable"
)

// The exit codes.
const (
	exitOK      = 0 // all as expected
	exitFinding = 1 // a finding, or a verdict other than expected
	exitInput   = 2 // bad input or usage
	exitLimit   = 3 // a limit was hit, and nothing worse was found

	exitPipe = 128 + 13 // of run, when nobody reads stdout any more: main ends by SIGPIPE
)

func main() {
	endByPipe := keepBrokenPipes()
	code := run(interruptible(), os.Args[1:], os.Stdout, os.Stderr)
	if code == exitPipe {
		endByPipe()
		code = exitInput
	}
	if err := os.Stdout.Close(); err != nil && code != exitInput { // a file system may say only now that it is full
		report(os.Stderr, fmt.Errorf("writing to standard output: %w", err))
		code = exitInput
	}
	os.Exit(code)
}

// run is the tool without the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if p := recover(); p != nil {
			report(printable.NewWriter(stderr, printable.Both), &panicError{p, debug.Stack()})
			code = exitInput
		}
	}()
	a := newApp(stdout, stderr)
	defer flush(a.stderr)
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.data)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	if err = errors.Join(err, a.written(err)); err != nil {
		report(a.stderr, err)
		switch {
		case errors.Is(a.data.err, syscall.EPIPE):
			return exitPipe
		case meter.Stopped(err):
			return exitLimit
		}
		return exitInput
	}
	return a.code
}

// report prints an error. Diagnostics stand alone, so that editors find file and line; a reader
// that went away needs no message.
func report(stderr io.Writer, err error) {
	var ds syntax.Diagnostics
	switch {
	case errors.Is(err, syscall.EPIPE):
	case errors.As(err, &ds):
		fmt.Fprintln(stderr, ds)
	case meter.Stopped(err):
		fmt.Fprintf(stderr, "lockproof: stopped (%s) before there was an answer\n", limitOf(err))
	default:
		fmt.Fprintf(stderr, "lockproof: %v\n", err)
	}
}

// A panicError is a mistake of ours.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string {
	return fmt.Sprintf("internal error: %v; please report it with what follows\n%s", e.value, e.stack)
}
