// Lockproof checks the locking rules of libvirt's QEMU driver, and of C code like it, exhaustively. See `lockproof help`.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
)

// The exit codes.
const (
	exitOK      = 0 // all as expected
	exitFinding = 1 // a finding, or a verdict other than expected
	exitInput   = 2 // bad input or usage
	exitLimit   = 3 // a limit was hit, and nothing worse was found
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process as usual
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the tool without the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if p := recover(); p != nil {
			report(stderr, &panicError{p, debug.Stack()})
			code = exitInput
		}
	}()
	a := &app{stdout: stdout, stderr: stderr}
	root := a.root()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	if err := root.ExecuteContext(ctx); err != nil {
		report(stderr, err)
		if meter.Stopped(err) {
			return exitLimit
		}
		return exitInput
	}
	return a.code
}

// report prints an error. Diagnostics stand alone, so that editors find file and line; a reader that went away needs no message.
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
