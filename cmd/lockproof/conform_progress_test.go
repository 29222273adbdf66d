package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/scenarios"
)

func TestConformProgress(t *testing.T) {
	scs, err := scenarios.Resolve(t.Context(), []string{"call-patterns:one-query", "call-patterns:two-queries"})
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	p := (&app{stderr: &stderr}).conformProgress(2)
	for i, sc := range scs {
		show := p.of(i, sc)
		for s := range 4 {
			show(conform.Progress{States: int64(s), Frontier: 1, Runs: 7, Steps: 70, Elapsed: time.Duration(s) * time.Second})
		}
	}
	want := "lockproof: done=1 of=2 scenario=call-patterns:two-queries states=2 frontier=1 runs=7 steps=70 seconds=5\n"
	if got := stderr.String(); got != want {
		t.Errorf("got %q", got)
	}
}
