package typestate

import (
	"context"
	"fmt"
	"maps"

	"github.com/lockproof/lockproof/csource/syntax"
)

// A Contract is the protocol to which a tree is held: C with the attributes and primitives of a
// suite. Where it defines a function, its body counts and not the tree's.
type Contract struct {
	Name  string
	files []*syntax.File
}

// LintMacro is defined in a contract: what stands under it is for the linter, and not for the
// checker that runs the same C.
const LintMacro = "LOCKPROOF_LINT"

// ParseContract parses the C of a contract strictly; include finds what it includes, and may be
// nil. The error lists all that is wrong with it.
func ParseContract(
	ctx context.Context, name string, sources []syntax.Source, opt syntax.Options,
) (*Contract, error) {
	opt.Mode = syntax.Strict
	opt.Defines = maps.Clone(opt.Defines)
	if opt.Defines == nil {
		opt.Defines = map[string]string{}
	}
	opt.Defines[LintMacro] = "1"
	p := syntax.NewParser(ctx, opt)
	c := &Contract{Name: name}
	for _, s := range sources {
		c.files = append(c.files, p.Parse(s))
	}
	if err := p.Err(); err != nil {
		return nil, fmt.Errorf("parsing the contract %s: %w", name, err)
	}
	if err := p.Diagnostics().Err(); err != nil {
		return nil, fmt.Errorf("parsing the contract %s: %w", name, err)
	}
	return c, nil
}
