package trial

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// A suite is the tests of one package.
type suite struct {
	path    string
	dir     string
	flags   []string // for the test binary
	seconds float64  // without a mutant
	slow    map[string]float64
}

// rapid is the package of property tests, whose flags only its users know.
const rapid = "pgregory.net/rapid"

// suites finds the packages with tests that patterns name, in the order of the patterns.
func (t *Trials) suites(ctx context.Context, patterns []string) ([]*suite, error) {
	var all []*suite
	for _, pattern := range patterns {
		cmd := exec.CommandContext(ctx, "go", "list", "-json=ImportPath,Dir,TestImports,XTestImports", "--", pattern)
		cmd.Dir = t.Dir
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list %s: %w: %s", pattern, err, strings.TrimSpace(stderr.String()))
		}
		for d := json.NewDecoder(bytes.NewReader(out)); ; {
			var l struct {
				ImportPath, Dir           string
				TestImports, XTestImports []string
			}
			err := d.Decode(&l)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, fmt.Errorf("go list %s: %w", pattern, err)
			}
			imports := slices.Concat(l.TestImports, l.XTestImports)
			if len(imports) > 0 {
				all = append(all, t.suite(l.ImportPath, l.Dir, slices.Contains(imports, rapid)))
			}
		}
	}
	return all, nil
}

// suite is the suite of a package, the same one every time.
func (t *Trials) suite(path, dir string, properties bool) *suite {
	if s := t.known[path]; s != nil {
		return s
	}
	s := &suite{path: path, dir: dir}
	if properties {
		s.flags = []string{"-rapid.seed=1", "-rapid.nofailfile", "-rapid.shrinktime=0s"}
	}
	if t.known == nil {
		t.known = map[string]*suite{}
	}
	t.known[path] = s
	return s
}

// A choice is some tests of a suite, by regexps as of go test.
type choice struct{ run, skip string }

// args are a choice as flags with a prefix.
func (c choice) args(prefix string) []string {
	var args []string
	if c.run != "" {
		args = append(args, prefix+"run="+c.run)
	}
	if c.skip != "" {
		args = append(args, prefix+"skip="+c.skip)
	}
	return args
}

// A part is some tests of a suite.
type part struct {
	suite   *suite
	choice  choice
	timeout time.Duration
}

// Tests get slack and many times what they take without a mutant, for other load on the machine.
const (
	slack = 20 * time.Second
	times = 10
)

func patience(seconds float64) time.Duration {
	return slack + times*time.Duration(max(seconds, 0)*float64(time.Second)).Round(time.Second)
}

// parts are the tests of suites but for those that are skipped, in the order in which they are
// asked: the slow ones of all suites come last, for most mutants are noticed before.
func parts(all []*suite, skip string) []part {
	var quick, slow []part
	for _, s := range all {
		if len(s.slow) == 0 {
			quick = append(quick, part{s, choice{skip: skip}, patience(s.seconds)})
			continue
		}
		names := "^(" + strings.Join(slices.Sorted(maps.Keys(s.slow)), "|") + ")$"
		last := 0.0
		for _, seconds := range s.slow {
			last += seconds
		}
		slow = append(slow, part{s, choice{run: names, skip: skip}, patience(last)})
		if skip != "" {
			names = skip + "|" + names
		}
		quick = append(quick, part{s, choice{skip: names}, patience(s.seconds - last)})
	}
	return append(quick, slow...)
}

// command is the go command that runs tests of a suite against what overlay names.
func (s *suite) command(overlay string, c choice, timeout time.Duration) []string {
	args := []string{"test", "-json", "-count=1", "-vet=off", "-failfast"}
	if overlay != "" {
		args = append(args, "-overlay="+overlay)
	}
	args = append(args, c.args("-")...)
	if timeout > 0 {
		args = append(args, "-timeout="+timeout.String())
	}
	return append(append(args, s.path), s.flags...)
}
