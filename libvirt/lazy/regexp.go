// Package lazy has regular expressions that are compiled when they are first used. The readers of
// logs and stacks have some two hundred of them, which no other command should wait for: compiled
// at the start they took 30 ms of every run.
package lazy

import (
	"regexp"
	"sync"
)

// A Regexp is one that is not compiled yet. It may be used by several goroutines.
type Regexp struct{ get func() *regexp.Regexp }

// New is the expression of a text. One that cannot be compiled panics when it is first used, so a
// test must use each.
func New(text string) *Regexp {
	return &Regexp{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })}
}

// Compiled is the expression itself.
func (r *Regexp) Compiled() *regexp.Regexp { return r.get() }

// MatchString reports whether s has a match.
func (r *Regexp) MatchString(s string) bool { return r.get().MatchString(s) }

// FindString is the first match, "" where there is none.
func (r *Regexp) FindString(s string) string { return r.get().FindString(s) }

// FindStringSubmatch is the first match with what its groups hold, nil where there is none.
func (r *Regexp) FindStringSubmatch(s string) []string { return r.get().FindStringSubmatch(s) }

// FindAllStringSubmatch lists up to n matches with what their groups hold.
func (r *Regexp) FindAllStringSubmatch(s string, n int) [][]string {
	return r.get().FindAllStringSubmatch(s, n)
}

// ReplaceAllString is s with every match replaced.
func (r *Regexp) ReplaceAllString(s, by string) string { return r.get().ReplaceAllString(s, by) }
