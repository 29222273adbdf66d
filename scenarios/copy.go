package scenarios

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// CopyProtocol is a shipped protocol as files that lie beside each other and load, itself first;
// nil where there is none of that name.
func CopyProtocol(name string) []syntax.Source {
	for _, p := range Protocols() {
		if p.Name == name {
			return inOneFolder(p.Files)
		}
	}
	return nil
}

// CopySuite is a suite as files that lie beside each other and load, itself first.
func CopySuite(ctx context.Context, name string) ([]syntax.Source, error) {
	library, err := Library()
	if err != nil {
		return nil, err
	}
	known := protocolNames()
	for _, s := range library {
		known = append(known, s.Name)
	}
	if !slices.Contains(known, name) && !isPath(name) {
		return nil, fmt.Errorf("%q is neither a suite nor a protocol%s", name, inBrackets(Hint(name, known)))
	}
	if new(Question).isC(name) {
		return nil, fmt.Errorf("%s is a C file: init --from takes a suite or a protocol", name)
	}
	scs, err := Resolve(ctx, []string{name})
	if err != nil {
		return nil, err
	}
	s := scs[0].Suite
	if i := slices.IndexFunc(scs, func(sc *Scenario) bool { return sc.Suite != s }); i >= 0 {
		return nil, fmt.Errorf("%s holds several suites: name one of them", name)
	}
	yaml := syntax.Source{Name: s.Name + ".yaml", Text: []byte(s.Text)}
	var c []syntax.Source
	for _, f := range withIncludes(s.ownLocations(), nil) {
		if path.Dir(f.Name) != path.Dir(s.File) {
			if strings.HasPrefix(f.Name, shippedTree.prefix+"/protocols/") {
				continue
			}
			text, err := s.Standalone(ctx) // files of several folders become one
			yaml.Text = []byte(text)
			return []syntax.Source{yaml}, err
		}
		c = append(c, f)
	}
	return append([]syntax.Source{yaml}, inOneFolder(c)...), nil
}

// ownLocations are the places of the C files of a suite, those that it includes left out.
func (s *Suite) ownLocations() []location {
	var all []location
	for _, f := range s.Files() {
		all = append(all, s.origin[f.Name])
	}
	return all
}

func inOneFolder(files []syntax.Source) []syntax.Source {
	out := slices.Clone(files)
	for i := range out {
		out[i].Name = path.Base(out[i].Name)
	}
	return out
}
