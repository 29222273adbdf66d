// Package operator changes C by one small mistake at a time: a dropped unlock, an if where a while
// stood, the wrong lock.
//
// Each operator knows one kind of mistake. It looks at the syntax tree of a function, and says what
// would be written instead, as a change of the text: so what is run is what is shown, and its lines
// keep their numbers. What comes out of a macro's body is left alone, and so is the specification:
// requires, check, assert, access.
package operator
