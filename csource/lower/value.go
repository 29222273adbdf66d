package lower

import (
	"strconv"
)

// value is what a slot holds while lowering. NULL is the integer 0.
type value struct {
	kind  valueKind
	n     int64 // vInt; vDangling: 1 where only its block was left
	obj   int   // vObject, vField
	field int   // vField
	// of one in a cell in which values of several types may be: as what it was stored; 0 of no such,
	// and where all bytes are zero
	tag uint8
}

type valueKind uint8

const (
	vUnset    valueKind = iota
	vInt                // an integer, or NULL
	vObject             // a pointer to an object
	vField              // the address of a field of an object
	vDangling           // the address of a local variable that is gone
	vFunction           // a pointer to function n
	vOpaque             // something non-NULL that is never looked into: a string
	vUnknown            // an integer of which nothing is known: a time, a random number
	vThread             // the object of the thread's own copies of thread-local variables
	vAddress            // n bytes into object obj, or into its field where that is not -1: nothing begins there
)

func intValue(n int64) value  { return value{kind: vInt, n: n} }
func objectValue(o int) value { return value{kind: vObject, obj: o} }
func (v value) isNull() bool  { return v.kind == vInt && v.n == 0 }
func (v value) isTrue() bool  { return v.kind != vInt || v.n != 0 } // not of an unknown one
func boolValue(b bool) value {
	if b {
		return intValue(1)
	}
	return intValue(0)
}

func (v value) appendKey(b []byte) []byte {
	b = append(b, byte('0'+v.kind))
	b = strconv.AppendInt(b, v.n, 36)
	if v.kind >= vObject && v.kind != vFunction {
		b = append(b, '.')
		b = strconv.AppendInt(b, int64(v.obj), 36)
		b = append(b, '.')
		b = strconv.AppendInt(b, int64(v.field), 36)
	}
	if v.tag != 0 {
		b = append(b, '/', '0'+v.tag)
	}
	return append(b, ',')
}

// isNumber reports whether a pointer has been given a number that is no address.
func (t *typ) isNumber(v value) bool {
	return t.kind == tPointer && (v.kind == vUnknown || v.kind == vInt && v.n != 0)
}
