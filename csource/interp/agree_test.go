package interp_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// TestMain runs more random programs than rapid's hundred.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "200"); err != nil {
		panic(err)
	}
	flag.Parse()
	os.Exit(m.Run())
}

// TestAgreesWithLower holds two meanings of C against one another: the steps of an interpreted run
// are a path through the program that lower makes of the same function.
func TestAgreesWithLower(t *testing.T) {
	ends := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		g := &generator{T: t}
		src := g.source()
		parser := syntax.NewParser(context.Background(), syntax.Options{})
		var files []*syntax.File
		for _, s := range withPrelude(src) {
			files = append(files, parser.Parse(s))
		}
		if err := parser.Diagnostics().Err(); err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		args := []string{"vm1", g.pick("0", "1", "2", "3")}
		program, refused := lowered(files, "f", args...)
		if refused != nil {
			ends["refused by lower: "+strings.SplitN(refused.Error(), " ", 2)[1]]++
			return
		}
		p := interp.New(files)
		for range 3 {
			w := newWorld(files)
			w.choose = func() bool { return rapid.Bool().Draw(t, "nondet") }
			w.wait = func() (int64, model.Label) {
				if rapid.Bool().Draw(t, "timeout") {
					return -1, model.TimedOut
				}
				return 0, model.Spuriously
			}
			if err := p.Check("f", w).Err(); err != nil {
				t.Fatalf("lower takes this, and Check does not: %v\n%s", err, src)
			}
			o := run(p, w, files, "f", args...)
			if err := follow(program, w, o); err != nil {
				t.Fatalf("f(%s): %v\n%s", strings.Join(args, ", "), err, src)
			}
			ends[ending(o)]++
		}
	})
	for end, n := range ends {
		t.Logf("%5d %s", n, end)
	}
}

func ending(o outcome) string {
	var failed *interp.RunError
	switch {
	case errors.As(o.err, &failed):
		return string(failed.Kind)
	case o.stop != nil:
		return string(o.stop.kind)
	}
	return "returns"
}
