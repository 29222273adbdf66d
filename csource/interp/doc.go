// Package interp runs C function bodies as they stand. New compiles each function from its syntax
// tree to closures; Run calls them. A compiled function asks a [Host] for every object and for
// every function that the host provides. So the bodies of a suite's threads can run on a real
// driver, and their traces be held against the model.
//
// It exists beside package lower, which gives the same C a meaning too, and shares none of lower's
// code, only the table of names in package vocabulary, and of package syntax the trees and what of
// a message is evaluated. lower evaluates symbolically, over all values at once, on instructions
// and temporaries; this package evaluates one run, in the tree's order. Where both are right they
// agree, and a test says so: a run's steps are a path through the program that lower makes. A
// mistake would have to be made twice to go unnoticed.
//
//	p := interp.New(files)                      // as parsed: the protocol, then the bodies
//	if ds := p.Check("query", host); len(ds) > 0 { ... }
//	result, err := p.Run(host, "query", []interp.Value{{Object: domain}})
//
// # What it does
//
// All statements: if, while, do, for, switch with cases anywhere in it, goto into and out of
// blocks, return. Locals of integer and pointer type, their addresses, pointers to fields and to
// variables at file scope. A struct, a virMutex or a virCond that is named stands for its address,
// whether or not & precedes it. Declared functions are called with their bodies, unless the host
// provides them; messages, and virMutexInit and its like, evaluate their arguments and do no more.
//
// Evaluation is from left to right where C leaves the order open: operands, arguments, and the
// target of an assignment before its value. An operand has the value of when its turn came: in a +
// f(&a), a += f(&a) and p->n = f(&p) that of before the call, as in lower.
//
// # Integers
//
// The types are those of GCC on a 64-bit Linux, with their promotions and conversions; a conversion
// to a narrower type keeps the low bits. What C leaves undefined ends the run with a [RunError] of
// kind [Undefined]: a signed number that overflows, a division by zero, a shift by too much. A
// shift to the left loses what leaves the type, whatever the sign, as GCC defines it.
//
// # Limits
//
// Check refuses: arrays in a function but for passing them on; floating point; ?: without a
// middle; sizeof but of integers and pointers; calls through pointers; casts between
// pointers and integers other than NULL; objects in a function; statement
// expressions, compound literals and braces; computed goto; asm; variables with a clean-up
// function; nondet, when the host does not provide it; fields and variables that the host says it
// lacks. lower refuses the same or more, except that it takes some floating point, arrays and
// clean-up attributes without a word.
//
// A pointer to a local is found to dangle when its function has returned, not when only its block
// has ended. A variable whose declaration is jumped over keeps the value of last time. Types of
// structs are not compared: a pointer to the wrong one fails when the host has no such field.
package interp
