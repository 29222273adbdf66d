// Package smalltest reads the small programs of scenarios/testdata/programs for tests: a few lines
// of C each, with the threads that run and the verdict that C and POSIX give them.
package smalltest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

// A Program is one of them.
type Program struct {
	Name       string // that of the archive, and its own
	Source     string
	Threads    []string // the call that each makes
	Expect     string   // a verdict, with a kind where it says one; or "refused"
	Faults     []string
	Sequential bool // a C compiler can run it: one thread, which ends well
	Races      bool // data races are looked for
}

var (
	firstLine = regexp.MustCompile(`^// (.*) => ([^;\n]*)(; cc)?(; races)?\n(?:// faults: (.*)\n)?`)
	call      = regexp.MustCompile(`([a-z_]+\([^)]*\))(?: x([0-9]+))?`)
)

// Read reads the archives in a directory.
func Read(dir string) ([]Program, error) {
	archives, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(archives) == 0 {
		return nil, fmt.Errorf("no archives of small programs in %s: %w", dir, err)
	}
	var all []Program
	for _, path := range archives {
		a, err := txtar.ParseFile(path)
		if err != nil {
			return nil, err
		}
		for _, f := range a.Files {
			m := firstLine.FindStringSubmatch(string(f.Data))
			if m == nil {
				return nil, fmt.Errorf("%s: %s does not begin with its threads and verdict", path, f.Name)
			}
			p := Program{
				Name:   strings.TrimSuffix(filepath.Base(path), ".txtar") + "/" + strings.TrimSuffix(f.Name, ".c"),
				Source: string(f.Data), Threads: threads(m[1]), Expect: m[2], Sequential: m[3] != "", Races: m[4] != "",
			}
			if m[5] != "" {
				p.Faults = strings.Split(m[5], ", ")
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// threads are the calls in a list, each as often as it says.
func threads(list string) []string {
	var all []string
	for _, m := range call.FindAllStringSubmatch(list, -1) {
		n, err := strconv.Atoi(m[2])
		if err != nil {
			n = 1
		}
		for range n {
			all = append(all, m[1])
		}
	}
	return all
}
