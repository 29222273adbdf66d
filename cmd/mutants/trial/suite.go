package trial

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	timeout time.Duration
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

// command is the go command that runs a suite but for some tests, against what overlay names.
func (s *suite) command(overlay, skip string) []string {
	args := []string{"test", "-json", "-count=1", "-vet=off", "-failfast"}
	if overlay != "" {
		args = append(args, "-overlay="+overlay)
	}
	if skip != "" {
		args = append(args, "-skip="+skip)
	}
	if s.timeout > 0 {
		args = append(args, "-timeout="+s.timeout.String())
	}
	return append(append(args, s.path), s.flags...)
}
