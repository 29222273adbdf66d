package main

import (
	"testing"

	"github.com/lockproof/lockproof/cmd/mutants/mutant"
)

// The built-in list can be read.
func TestKnownEquivalents(t *testing.T) {
	if _, err := mutant.ParseEquivalents("equivalent.txt", knownEquivalents); err != nil {
		t.Error(err)
	}
}
