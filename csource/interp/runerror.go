package interp

import (
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// A RunError ends a run: the program did something that has no meaning in C.
type RunError struct {
	Kind     ErrorKind
	Pos      model.Pos
	Function string // the innermost function
	Msg      string // no capital, no full stop
}

func (e *RunError) Error() string { return e.Pos.String() + ": " + e.Msg }

// ErrorKind says in what way a run went wrong.
type ErrorKind string

// The ways in which a run goes wrong.
const (
	Null          ErrorKind = "null"          // a NULL pointer is followed
	Dangling      ErrorKind = "dangling"      // a pointer to a local variable is followed after its function returned
	Uninitialised ErrorKind = "uninitialised" // a local variable, or a function's result, is used and was never set
	// an operator has no result in C: division by zero, a signed overflow, too wide a shift
	Undefined ErrorKind = "undefined"
	Outside   ErrorKind = "outside"    // an element is touched that its array does not have
	Endless   ErrorKind = "endless"    // too many statements, or too many nested calls, without the host having a say
	NoMeaning ErrorKind = "no-meaning" // what Check refuses, or what the host does not know: a field, a variable
)

// fail leaves the run; Run turns it into its error.
func (f *frame) fail(kind ErrorKind, pos model.Pos, format string, args ...any) {
	f.run.err = &RunError{Kind: kind, Pos: pos, Function: f.function.name, Msg: fmt.Sprintf(format, args...)}
	panic(f.run.err)
}
