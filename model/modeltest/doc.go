// Package modeltest holds what every program and its machine must satisfy, as tests that others
// run.
//
// Its heart is a [Reference]: an interpreter of [model.Program] in plain structs and maps, written
// from what the package model says about operations and not from the machine. [Conform] explores a
// program with both, side by side, and then asks the machine's other answers: is stepping pure, do
// movers commute, do canonical states behave as the states for which they stand, does a program
// that is said to terminate have no cycle, and so on.
//
// [Programs] draws random programs in memory, with every operation, for properties:
//
//	rapid.Check(t, func(t *rapid.T) {
//		modeltest.Conform(t, modeltest.Programs().Draw(t, "program"), modeltest.Options{})
//	})
//
// [Reference.Judge] says what a search must find in a program, so that searches can be held against
// it too.
//
// What the reference trusts is the program's shape: identifiers in range, nodes that wait leading
// to nodes that sleep, outcomes for every value. It does not trust Held and Owns: it keeps owners
// itself.
package modeltest
