package main

import (
	"fmt"
	"slices"
	"strings"
)

// A word is a flag with a few possible values.
type word struct {
	value string
	of    []string
}

func (w *word) String() string { return w.value }
func (w *word) Type() string   { return strings.Join(w.of, "|") }

func (w *word) Set(s string) error {
	if !slices.Contains(w.of, s) {
		return fmt.Errorf("it is one of %s", strings.Join(w.of, ", "))
	}
	w.value = s
	return nil
}
