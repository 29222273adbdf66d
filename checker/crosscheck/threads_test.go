package crosscheck_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

var firstLine = regexp.MustCompile(`^// (.*) => ([^;\n]*)(; cc)?\n(?:// faults: (.*)\n)?`)

// TestThreads holds the small programs whose threads start threads against the engines that are
// installed.
func TestThreads(t *testing.T) {
	a, err := txtar.ParseFile("../../scenarios/testdata/programs/threads.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range crosscheck.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			opt := crosscheck.RunOptions{Quick: true}
			var missing *crosscheck.Unavailable
			if err := crosscheck.Available(engine, opt); errors.As(err, &missing) {
				t.Skip(err)
			}
			for i, f := range a.Files {
				m := firstLine.FindStringSubmatch(string(f.Data))
				if m == nil {
					t.Fatalf("%s does not begin with its threads and verdict", f.Name)
				}
				if m[2] == "refused" || testing.Short() && i%4 > 0 {
					continue
				}
				t.Run(f.Name, func(t *testing.T) {
					t.Parallel()
					threads := strings.ReplaceAll(m[1], "), ", ")\", \"")
					yaml := fmt.Sprintf("suite: small\ntitle: a small program\nsources: [t.c]\nscenarios:\n"+
						"  - name: s\n    threads: [\"%s\"]\n    faults: [%s]\n    expect: ok\n", threads, m[4])
					fsys := fstest.MapFS{"suite.yaml": {Data: []byte(yaml)}, "t.c": {Data: f.Data}}
					suites, err := scenarios.LoadFS(t.Context(), fsys, ".")
					if err != nil {
						t.Fatal(err)
					}
					p, err := suites[0].Scenarios[0].Program(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					if p, _, err = search.Close(t.Context(), p, search.Options{}); err != nil {
						t.Fatal(err)
					}
					if m[2] == string(model.Unknown) { // the export fails where a limit is, so there is nothing to compare
						r, err := search.Search(t.Context(), p, search.Options{})
						if err != nil || r.Verdict != model.Unknown {
							t.Errorf("%+v, %v", r, err)
						}
						return
					}
					agree(t, engine, p, opt)
				})
			}
		})
	}
}
