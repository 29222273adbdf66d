package conform

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// FromScenario makes the case of a scenario. The error is of type [syntax.Diagnostics] and says
// what the driver does not have, or is one of which [meter.Stopped] says that a limit of ctx was
// hit.
func FromScenario(ctx context.Context, sc *scenarios.Scenario) (*Case, error) {
	p, err := sc.Program(ctx)
	if err != nil {
		return nil, err
	}
	p, limit, err := search.Close(ctx, p, search.Options{})
	if err == nil && limit != model.NoLimit {
		err = fmt.Errorf("%w before the program was whole: %s", context.Canceled, limit)
	}
	if err != nil {
		return nil, err
	}
	files, err := sc.Suite.C(ctx)
	if err != nil {
		return nil, err
	}
	var ds syntax.Diagnostics
	protocol := sc.Suite.Protocol
	if !slices.Contains(Protocols(), protocol) {
		msg := fmt.Sprintf("the driver has no counterpart of the protocol %q", protocol)
		if strings.HasSuffix(protocol, ".c") {
			msg = fmt.Sprintf("the driver does not read C: the protocol in the file %q cannot be compared", protocol)
		}
		ds.Add(sc.Suite.Pos, msg, "it has those that lockproof ships")
		return nil, ds.Err()
	}
	c := interp.New(files)
	var bodies []Body
	for _, t := range sc.Closed() {
		if t.Restarts {
			ds.Add(t.Pos, "the driver cannot be restarted as the model's daemon-restart does", "")
			continue
		}
		b := Body{C: c, Function: t.Function, Loop: t.Loop, Faults: t.Faults}
		for _, a := range t.Args {
			arg, ok := argument(a, c)
			if !ok {
				ds.Add(a.Pos, fmt.Sprintf("a variable of the suite's own: the driver has no %s", a.Text),
					"it has driver, vm1, vm2, ...")
			}
			b.Args = append(b.Args, arg)
		}
		bodies = append(bodies, b)
	}
	if err := ds.Err(); err != nil {
		return nil, err
	}
	made, ds := NewCase(p, protocol, bodies, Rules{sc.IgnoreRequires, sc.Suite.Shipped()})
	if err := ds.Err(); err != nil {
		return nil, err
	}
	return made, nil
}

// Comparable reports whether the driver has all that the scenarios of a suite use: its protocol,
// the helpers that they call, and the fields that they look at.
func Comparable(ctx context.Context, s *scenarios.Suite) (bool, error) {
	if !slices.Contains(Protocols(), s.Protocol) {
		return false, nil
	}
	for _, sc := range s.Scenarios {
		_, err := FromScenario(ctx, sc)
		if lacks := syntax.Diagnostics(nil); errors.As(err, &lacks) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// argument is what the driver's thread is given for an argument that the model's is given.
func argument(a lower.Arg, c *interp.Program) (Arg, bool) {
	if n, err := strconv.ParseInt(a.Text, 0, 64); err == nil {
		return Arg{Int: n}, true
	}
	if n, ok := c.Constant(a.Text); ok {
		return Arg{Int: n}, true
	}
	switch a.Text {
	case "NULL":
		return Arg{}, true
	case "driver":
		return Arg{Driver: true}, true
	}
	return Arg{Domain: a.Text}, isDomain(a.Text)
}

func isDomain(name string) bool {
	number, ok := strings.CutPrefix(name, "vm")
	_, err := strconv.ParseUint(number, 10, 64)
	return ok && err == nil
}
