package scenarios

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// Find resolves what a command line calls SUITE[:SCENARIO]: a suite is the name of one of the given
// suites or a path to a YAML file or a directory, which is then loaded. Without a scenario it is
// all of them.
func Find(ctx context.Context, suites []*Suite, ref string) ([]*Scenario, error) {
	return find(ctx, "", suites, ref)
}

// find is Find for suites that may read what lies below root.
func find(ctx context.Context, root string, suites []*Suite, ref string) ([]*Scenario, error) {
	suite, scenario := split(ref)
	if !slices.ContainsFunc(suites, func(s *Suite) bool { return s.Name == suite }) && isPath(suite) {
		l := loader{ctx: ctx, root: root}
		l.paths([]string{suite})
		loaded, err := l.result()
		if err != nil {
			return nil, err
		}
		return pick(loaded, suite, scenario)
	}
	var names []string
	for _, s := range suites {
		if s.Name == suite {
			return pick([]*Suite{s}, suite, scenario)
		}
		names = append(names, s.Name)
	}
	for _, s := range suites {
		for _, sc := range s.Scenarios {
			if scenario == "" && sc.Name == suite {
				return nil, fmt.Errorf("%q is a scenario, not a suite: did you mean %q?", suite, sc.Ref())
			}
		}
	}
	return nil, fmt.Errorf("unknown suite %q%s", suite, inBrackets(Hint(suite, names)))
}

// Resolve is [Question.Resolve] without a question.
func Resolve(ctx context.Context, refs []string) ([]*Scenario, error) {
	return new(Question).Resolve(ctx, refs)
}

// named finds what the arguments of a command name. All that is wrong with several files is one
// error.
func named(ctx context.Context, root string, refs []string) ([]*Scenario, error) {
	var library []*Suite
	if len(refs) == 0 || slices.ContainsFunc(refs, mayBeShipped) {
		var err error
		if library, err = Library(); err != nil {
			return nil, err
		}
	}
	if len(refs) == 0 {
		return pick(library, "the library", "")
	}
	l := loader{ctx: ctx, root: root}
	var paths []string
	for _, ref := range refs {
		suite, scenario := split(ref)
		shipped := slices.ContainsFunc(library, func(s *Suite) bool { return s.Name == suite })
		if scenario == "" && isPath(suite) && (!shipped || isDir(suite)) {
			paths = append(paths, ref)
		}
	}
	l.paths(paths)
	loaded, err := l.result()
	if err != nil {
		return nil, err
	}
	var all []*Scenario
	var ds syntax.Diagnostics
	for _, ref := range refs {
		if slices.Contains(paths, ref) {
			continue
		}
		found, err := find(ctx, root, library, ref)
		var more syntax.Diagnostics
		switch {
		case errors.As(err, &more):
			ds.Append(more)
		case err != nil:
			return nil, err
		}
		all = append(all, found...)
	}
	if err := ds.Err(); err != nil {
		return nil, err
	}
	for _, s := range loaded {
		all = append(all, s.Scenarios...)
	}
	return all, nil
}

// split cuts at the last colon, unless what follows is part of a path.
func split(ref string) (suite, scenario string) {
	i := strings.LastIndex(ref, ":")
	if i < 0 || strings.ContainsAny(ref[i:], `/\`) {
		return ref, ""
	}
	return ref[:i], ref[i+1:]
}

// mayBeShipped reports whether an argument can name a suite of the library: to read that takes ten
// times as long as a file of one's own.
func mayBeShipped(ref string) bool {
	suite, _ := split(ref)
	return !looksLikePath(suite)
}

// looksLikePath reports whether a name can be nothing but a path.
func looksLikePath(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".yaml" || ext == ".yml" || strings.ContainsAny(name, `/\`)
}

// isPath reports whether a name looks like a path, or is one.
func isPath(name string) bool {
	if looksLikePath(name) {
		return true
	}
	_, err := os.Stat(name)
	return err == nil
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func pick(suites []*Suite, suite, scenario string) ([]*Scenario, error) {
	var found, all []*Scenario
	var names []string
	for _, s := range suites {
		for _, sc := range s.Scenarios {
			all = append(all, sc)
			names = append(names, sc.Name)
			if sc.Name == scenario {
				found = append(found, sc)
			}
		}
	}
	switch {
	case scenario == "":
		return all, nil
	case len(found) == 0:
		return nil, fmt.Errorf("%s has no scenario %q%s", suite, scenario, inBrackets(Hint(scenario, names)))
	}
	return found, nil
}

func inBrackets(hint string) string {
	if hint == "" {
		return ""
	}
	return " (" + hint + ")"
}
