// Package trial runs tests against mutants, without touching the work tree: the go command is given
// the changed file as an overlay.
//
// A mutant is noticed by the first test that fails. Tests are asked package by package, the
// likeliest first and the slow tests of all packages last, and nobody asks on after a failure.
// Property tests get a seed, so that a verdict is the same the next time, and neither make a
// failure smaller nor write it down.
package trial
