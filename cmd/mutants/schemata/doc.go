// Package schemata builds many changed versions of a package at once.
//
// A version differs from the package in the bodies of some functions. Each such function is put
// beside the original under a name of its own, and the original begins with a switch that hands
// over to it, so one build has all versions and the environment of a process says which it runs:
// R. Untch, A. J. Offutt and M. J. Harrold, "Mutation Analysis Using Mutant Schemata" (ISSTA 1993).
// The work tree is not touched: the changed files are an overlay for the go command.
package schemata
