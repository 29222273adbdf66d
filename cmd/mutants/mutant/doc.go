// Package mutant makes mutants of Go packages: copies with one small, realistic mistake each.
//
// A mutant is a text edit that is found on the type-checked syntax tree. What is dropped is put
// under `if false`, so that whatever it uses stays used and the copy compiles:
//
//	x = f(y)    becomes    if false {
//	                           x = f(y)
//	                       }
//
// A mutant has an ID, FILE:LINE:COLUMN:OPERATOR#N, in which N counts what one operator makes of one
// place. The package says nothing about tests: see trial.
package mutant
