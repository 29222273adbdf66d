package lower

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// function is a C function as a list of instructions over numbered slots: parameters, locals,
// temporaries.
type function struct {
	name    string
	number  int // in the order of the source, from 0
	pos     model.Pos
	params  []*typ
	starts  []int // by parameter: its slot, or its first one
	passed  int   // slots of all parameters
	result  *typ
	slots   []slot
	code    []instr
	live    [][]span     // by slot: where its value may still be read
	taken   map[int]bool // slots whose address is taken
	callees []callSite
	homes   []home
	wrapper bool // see wraps
	cleans  bool // some variable of it is cleaned up where its scope ends
}

type slot struct {
	name string // "" for a temporary
	typ  *typ
}

type callSite struct {
	to  *function
	pos model.Pos
}

// operand is a slot, or a constant when slot is negative.
type operand struct {
	slot  int
	value value
}

func constant(v value) operand { return operand{slot: -1, value: v} }
func inSlot(s int) operand     { return operand{slot: s} }

type opcode uint8

const (
	iCopy         opcode = iota // dst = a
	iBinary                     // dst = a op b
	iUnary                      // dst = op a
	iCompute                    // dst = prim(a), of a function that only computes
	iText                       // dst = prim(args), of a function of texts
	iConvert                    // dst = (typ) a
	iRetype                     // dst = a as a pointer to typ
	iField                      // dst = &a->field
	iLoad                       // dst = a->field
	iStore                      // a->field = b
	iLoadPtr                    // dst = *a
	iStorePtr                   // *a = b
	iFirst                      // dst = &a[0], of an array
	iShift                      // dst = a + b or a - b, of a pointer and an integer
	iRelate                     // dst = a op b, of two pointers
	iApart                      // fails where field elements from a and from b on overlap
	iHome                       // dst = the address of home number field
	iBegin                      // home number field comes to life
	iClear                      // home number field is zero, as far as its content does not say so
	iGone                       // home number field is gone
	iErrno                      // dst = errno
	iSetErrno                   // errno = a
	iUpdate                     // dst = *a, and *a = what update makes of it and b
	iCall                       // dst = callee(args)
	iCallPointer                // dst = (*a)(args)
	iPrim                       // dst = prim(args)
	iCheck                      // fails unless a; b is what held in it asks for
	iJump                       // to then
	iPrecondition               // to then when preconditions count, else to otherwise
	iBranch                     // to then when a is not zero, else to otherwise
	iSwitch                     // to the case that a is, else to then
	iAllocate                   // dst = args[0] new objects of typ, side by side, by prim
	iReturn                     // a; args: the scalars of a struct
)

// instr is one instruction. Only loads, stores and primitives can be steps.
type instr struct {
	op        opcode
	pos       model.Pos
	text      func() string // the C text, made when asked for
	dst       int           // slot, or -1
	a, b      operand
	operator  string
	same      same // iBinary: what is known of its operands
	typ       *typ // in which an operator computes; what is read or written through a pointer
	strukt    *structDef
	field     int
	begins    bool       // a store of the first value, which a const has, too
	whole     bool       // a load or store of a copy of an object, parts of which may never have been set
	union     *structDef // a load or store of what lies in a union that is copied as a whole
	plain     bool       // a load or store that is not atomic, whatever is there
	callee    *function
	prim      *vocabulary.Function
	looked    bool // iPrim: the C looks at the result
	args      []operand
	kind      model.Kind    // of iCheck
	condition func() string // of iCheck: its C text
	negated   bool          // iCheck: a is not held(b)
	huge      bool          // iShift: b is an unsigned long, which is huge where it looks negative
	exact     bool          // iText: more than the sign of the result matters
	seen      []seen        // of iCheck: what it looks at
	cases     syntax.Cases
	update    update
	result    int // of a call: the home that takes its result, and 1; 0: none
	then      int
	otherwise int
	place     int32 // what of the C it belongs to: see model.Code; 0: nothing
	ways      int32 // the first of the places that are ways on from here: of a branch, switch or wait
}

// isAtomic reports whether a load or store of what has a type is atomic: one by a pointer is as its
// type says, and what copies or clears whole objects never is.
func (i *instr) isAtomic(of *typ) bool {
	if i.op == iLoadPtr || i.op == iStorePtr {
		of = i.typ
	}
	return of.atomic && !i.plain && !i.whole
}

func textOf(e syntax.Node) func() string { return func() string { return syntax.FormatShort(e) } }
