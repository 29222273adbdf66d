package interp

import "github.com/lockproof/lockproof/model"

// A Host is the world in which a program runs: the objects that pointers lead to, and the functions
// that are not interpreted. Which functions those are is asked at every call, so it may differ from
// run to run.
type Host interface {
	// Provides reports whether Call carries the function out. Otherwise its body is interpreted.
	Provides(function string) bool
	// Silent reports whether a function that has no body is a message: a call only evaluates its
	// arguments, where it is one of those of vocabulary.IsMessage, and does nothing else.
	Silent(function string) bool
	// Call carries out a function. It may take its time, switch coroutines, start other runs, and
	// panic to leave the program: the panic passes through Run as it is. The host may keep args.
	//
	// Of check, the first argument is a pointer whose object is a model.Kind. The result of a void
	// function does not matter.
	Call(site Site, function string, args []Value) Value
	// Field is object->name, false when there is no such field. Only integers and pointers are
	// asked for. Element i of an array is the field [i] of the array's object.
	Field(object any, name string) (Value, bool)
	// Address is &object->name, false when there is no such field. It is how the program comes to a
	// mutex, a condition or a struct that lies in another one.
	Address(object any, name string) (Value, bool)
	// SetField is object->name = v, false when there is no such field.
	SetField(object any, name string, v Value) bool
	// Global is the variable at file scope: its value, or where it is a mutex, a condition or a
	// struct, its address. Of a thread-local variable it is the copy of the thread that runs. A static
	// variable x of a function f goes by the name f.x, and f.x.2 where x is its second one of that
	// name.
	Global(name string) (Value, bool)
}

// Globals is a Host whose integers and pointers at file scope can be assigned, and their addresses
// taken. Without it Check refuses functions that do.
type Globals interface {
	Host
	SetGlobal(name string, v Value) bool
	AddressOfGlobal(name string) (Value, bool)
}

// A Partial is a Host that lacks some of the fields and variables that the program declares, and
// knows which before a run: Check refuses a function that comes to one. What another Host lacks
// shows in a run only.
type Partial interface {
	Host
	// Has reports whether the host has the field of a struct with that tag, or for no tag the
	// variable at file scope, for this use. Read is asked for every use.
	Has(tag, name string, u Use) bool
}

// Use is what a program does with a field or a variable.
type Use uint8

// The uses.
const (
	Read    Use = iota // its value is needed; of a mutex, a condition or a struct, its address
	Changed            // it is assigned
	Pointed            // it is an integer or a pointer, and its address is taken
)

// A Site is where a call stands. It is made once for every way to get there, so Calls must not be
// changed.
type Site struct {
	Function string // the innermost function
	Pos      model.Pos
	Text     string       // the call in C
	Calls    []model.Call // innermost last, as in model.Node
}
