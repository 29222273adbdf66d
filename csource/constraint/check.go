package constraint

import (
	"fmt"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A System is what a typedef of the system's headers stands for. The zero value is a type of which
// nothing is known.
type System struct {
	Integer string // the canonical name of an integer type, or void
	Object  string // else what may only be used by its address, such as a mutex: equal names are one type
	Pointer bool   // it is a pointer to that
}

// Headers says what the system's headers declare.
type Headers struct {
	Type   func(name string) System
	Struct func(tag string) bool // whether they may define a struct, whose fields are not known here
}

// Check returns what breaks a constraint in the files, which are one translation unit, in no
// particular order. Its cost is linear in their size; it ends early when the meter stops.
func Check(m *meter.Meter, files []*syntax.File, headers Headers) syntax.Diagnostics {
	c := &checker{
		meter: m, headers: headers, records: map[*syntax.StructType]*record{}, enums: map[*syntax.EnumType]*ctype{},
		system: map[string]*ctype{},
	}
	c.open()
	for _, f := range files {
		for _, d := range f.Decls {
			if c.diags.Full() || !m.Work(1) {
				return c.diags
			}
			c.external(d)
		}
	}
	c.tentative()
	return c.diags
}

type checker struct {
	meter   *meter.Meter
	headers Headers
	diags   syntax.Diagnostics
	scope   *scope
	file    *scope
	records map[*syntax.StructType]*record // by definition
	enums   map[*syntax.EnumType]*ctype    // by definition
	system  map[string]*ctype              // the types of typedefs that no file declares
	result  *ctype                         // of the function that is being looked at
	inside  string                         // its name; "" at file scope
	vars    []*symbol                      // variables at file scope
	jumps   *jumps                         // of the function; nil at file scope
	chosen  *barrier                       // around the switch whose cases are looked at
	muted   int                            // nothing is reported while this is not 0
}

func (c *checker) errorf(pos model.Pos, format string, args ...any) {
	c.hintf(pos, "", format, args...)
}

func (c *checker) hintf(pos model.Pos, hint, format string, args ...any) {
	if c.muted == 0 && !c.diags.Full() {
		c.diags.Add(pos, fmt.Sprintf(format, args...), hint)
	}
}

// quietly is the type of an expression that was looked at before. Who asks is not asked himself
// then: that would take as long as there are ways to ask.
func (c *checker) quietly(e syntax.Expr) operand {
	c.muted++
	defer func() { c.muted-- }()
	return c.expr(e)
}
