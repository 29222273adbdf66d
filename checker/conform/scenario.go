package conform

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/scenarios"
)

// FromScenario makes the case of a scenario. The error is of type [syntax.Diagnostics]: it says what the driver does not have.
func FromScenario(sc *scenarios.Scenario) (*Case, error) {
	p, err := sc.Program()
	if err != nil {
		return nil, err
	}
	files, err := sc.Suite.C()
	if err != nil {
		return nil, err
	}
	var ds syntax.Diagnostics
	protocol, ok := driver.ProtocolNamed(sc.Suite.Protocol)
	if !ok {
		ds.Add(sc.Suite.Pos, fmt.Sprintf("the driver has no counterpart of the protocol %q", sc.Suite.Protocol), "it has those that lockproof ships")
		return nil, ds.Err()
	}
	c := interp.New(files)
	var bodies []Body
	for _, t := range sc.Closed() {
		if t.Function == scenarios.DeathFunction {
			ds.Add(t.Pos, "the driver cannot be made to die as the model's domain-death does", "")
			continue
		}
		b := Body{C: c, Function: t.Function, Loop: t.Loop, Faults: t.Faults}
		for _, a := range t.Args {
			arg, ok := argument(a)
			if !ok {
				ds.Add(a.Pos, fmt.Sprintf("the driver has no object %q to give to a thread", a.Text), "domains are vm1, vm2, ...")
			}
			b.Args = append(b.Args, arg)
		}
		bodies = append(bodies, b)
	}
	if err := ds.Err(); err != nil {
		return nil, err
	}
	made, ds := NewCase(p, protocol, bodies, sc.IgnoreRequires)
	if err := ds.Err(); err != nil {
		return nil, err
	}
	return made, nil
}

func argument(a lower.Arg) (Arg, bool) {
	if n, err := strconv.ParseInt(a.Text, 0, 64); err == nil {
		return Arg{Int: n}, true
	}
	return Arg{Domain: a.Text}, strings.HasPrefix(a.Text, "vm")
}
