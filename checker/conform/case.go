package conform

import (
	"errors"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A Case is a scenario in both shapes.
type Case struct {
	Program  *model.Program
	Protocol string // one of [Protocols]
	Bodies   []Body // the threads of Program, in order
	Rules    Rules

	domains   []string
	functions functions // those of the protocol, except in tests
}

// Rules are what a case goes by.
type Rules struct {
	// IgnoreRequires switches preconditions off on the driver, as it was done to the program.
	IgnoreRequires bool
	// Calls lets the driver's own calls run in the place of the functions of the library's daemon.c,
	// which are the same in C.
	Calls bool
}

// A Body is a thread: a C function and its arguments, each a domain (vm1), driver, NULL, or an
// integer.
type Body struct {
	C        *interp.Program
	Function string
	Args     []Arg
	Loop     bool
	Faults   lower.Faults
}

// An Arg is an argument: the name of a domain, the driver, or else an integer, of which 0 is NULL
// too.
type Arg struct {
	Domain string
	Driver bool
	Int    int64
}

// NewCase checks that the driver has everything that the bodies ask for. The diagnostics say what
// is missing, and where.
func NewCase(p *model.Program, protocol string, bodies []Body, o Rules) (*Case, syntax.Diagnostics) {
	c := &Case{Program: p, Protocol: protocol, Bodies: bodies, Rules: o, functions: ofEras}
	switch {
	case protocol == today && o.Calls:
		c.functions = ofCalls
	case protocol == today:
		c.functions = ofDriver
	}
	var ds syntax.Diagnostics
	checked := map[string]bool{}
	for _, b := range bodies {
		if !checked[b.Function] && c.functions[b.Function] == nil {
			checked[b.Function] = true
			for _, d := range b.C.Check(b.Function, &host{functions: c.functions}) {
				if strings.Contains(d.Msg, "the host") {
					d.Hint = "the host is the driver, and what its helpers keep is its own"
				}
				ds = append(ds, d)
			}
		}
		for _, a := range b.Args {
			if a.Domain != "" {
				c.domains = append(c.domains, a.Domain)
			}
		}
	}
	slices.Sort(c.domains)
	c.domains = slices.Compact(c.domains)
	return c, ds
}

// run interprets the body once, on the driver. An error says that the C means nothing, or not one
// thing: that tells nothing of the driver.
func (b *Body) run(h *host) error {
	args := make([]interp.Value, len(b.Args))
	for i, a := range b.Args {
		switch d := h.t.world.domains[a.Domain]; {
		case a.Driver:
			args[i] = pointer(theDriver{})
		case d == nil:
			args[i].Int = a.Int
		case b.C.PointsTo(b.Function, i) == "_virDomain":
			args[i] = pointer(handle{d})
		default:
			args[i] = pointer(d)
		}
	}
	if own := h.functions[b.Function]; own != nil {
		own(h.t, args)
		return nil
	}
	_, err := b.C.Run(h, b.Function, args)
	var failed *interp.RunError
	if errors.As(err, &failed) && failed.Kind != interp.Null { // of NULL the model has a rule
		var ds syntax.Diagnostics
		ds.Add(failed.Pos, failed.Msg, "a run comes here, and C or the model gives it no one meaning")
		h.t.world.meaningless = ds.Err()
	}
	return err
}
