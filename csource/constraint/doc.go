// Package constraint holds C files against the constraints of C11 (6.5 to 6.9): what a compiler
// must refuse. It looks at every function, also at those that no thread runs, and knows nothing of
// what the program means.
//
// GNU's extensions are allowed where GCC allows them without a word of warning. What GCC only warns
// of, though C forbids it, is refused, save for a const that is lost on the way: that is told where
// something is stored. Pointers to other types, integers for pointers and returns without a value
// are errors, as they are since GCC 14.
//
// A name that is not known has a type that is not known, and with that everything is allowed: who
// compiles the program says what he does not know.
package constraint
