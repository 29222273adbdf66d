package crosscheck_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
)

// TestUpdates holds the programs about steps that read and write at once against the engines.
func TestUpdates(t *testing.T) {
	for _, engine := range crosscheck.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			opt := crosscheck.RunOptions{Quick: true}
			var missing *crosscheck.Unavailable
			if err := crosscheck.Available(engine, opt); errors.As(err, &missing) {
				t.Skip(err)
			}
			n := 0
			for _, c := range modeltest.Cases() {
				if !has(c.Program, model.OpUpdate) {
					continue
				}
				n++
				t.Run(c.Name, func(t *testing.T) {
					t.Parallel()
					agree(t, engine, c.Program, opt)
				})
			}
			if n < 10 {
				t.Errorf("%d programs have such steps", n)
			}
		})
	}
}

func has(p *model.Program, op model.Op) bool {
	return slices.ContainsFunc(p.Threads, func(th model.Thread) bool {
		return slices.ContainsFunc(th.Nodes, func(n model.Node) bool { return n.Op == op })
	})
}
