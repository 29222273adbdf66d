// Package printable makes text from outside harmless where people read it: names, messages, file
// names and C reach a terminal, a log or a picture in one printable form. What cannot be seen, or
// moves what can, is written as an escape: \x1b, \u202e, \xff for a byte that is no UTF-8.
//
// A [Writer] stands at the bottom of what a program prints, so that no caller can forget it. It
// also breaks what a CI runner takes for a command: two colons at the beginning of a line, or ##[
// anywhere. Colours are no part of the text: a [Page] keeps them beside it, and only a Page can
// give them to a Writer.
//
//	var p printable.Page
//	p.Paint(printable.Bad, "deadlock")
//	p.WriteString(" in " + name + "\n")
//	p.WriteTo(os.Stdout)
package printable
