package interp

// A Value is what an expression has: an integer, or a pointer to one of the host's objects. NULL is
// the zero Value.
//
// Two pointers are equal in C when their objects are equal in Go, so objects must be comparable:
// pointers, usually. A string literal is a pointer to a Go string, a pointer to a local variable is
// one to a [*Variable].
type Value struct {
	Int    int64
	Object any
}

// True reports whether C takes v for true: it is neither 0 nor NULL.
func (v Value) True() bool { return v.Int != 0 || v.Object != nil }

func truth(b bool) Value {
	if b {
		return Value{Int: 1}
	}
	return Value{}
}

// A Variable is a local variable whose address was taken. A host that is given its address may look
// into it and set it; once its function has returned, nothing else does.
type Variable struct {
	value Value
	gone  bool
}

// Value is what the variable holds; false when it was never set.
func (v *Variable) Value() (Value, bool) { return v.value, !v.value.isUnset() }

// Set gives the variable a value.
func (v *Variable) Set(x Value) { v.value = x }

// unset is the object of the value that a local variable has before it is given one.
var unset = new(struct{ _ int })

var unsetValue = Value{Object: unset}

func (v Value) isUnset() bool { return v.Object == unset }

// reference is a pointer to a field, or for a nil object to a variable at file scope, that holds an
// integer or a pointer. The program may follow it; a host sees the address that it has itself.
type reference struct {
	object any
	name   string
}

// isPrivate reports whether v points to something that only the interpreter knows: it cannot be
// kept in a field of the host's.
func (v Value) isPrivate() bool {
	switch v.Object.(type) {
	case *Variable, reference, string, element, beside:
		return true
	}
	return v.isUnset()
}
