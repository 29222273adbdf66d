package syntax

import (
	"context"

	"github.com/lockproof/lockproof/model"
)

// Mode says how much may be guessed.
type Mode int

// The modes.
const (
	Strict   Mode = iota // protocols and scenarios: nothing is guessed, every error is reported
	Tolerant             // files of a real tree without their headers
)

// A Source is one C file. Name is what positions say, and what an #include is compared with.
type Source struct {
	Name string
	Text []byte
}

// Options are the settings of a Parser. The zero value parses strictly and refuses #include.
type Options struct {
	Mode Mode

	// Include finds the file of `#include "name"`. The Name of the Source it returns decides whether
	// the file was seen before: a file is included once, and a file that includes itself is an error.
	// When nil, or when it fails, #include "name" is an error in Strict mode and ignored in Tolerant.
	Include func(from model.Pos, name string) (Source, error)

	// Shipped finds the file of `#include <name>`, if it is one of ours; any other is ignored. It may
	// be nil.
	Shipped func(name string) (src Source, ours bool, err error)

	// Defines are object-like macros known from the start, name to replacement text.
	Defines map[string]string

	// Undefines are macros of the system that are not defined. Defines come after them.
	Undefines []string

	// Typedefs are type names known from the start, besides the usual ones of C, POSIX, GLib and
	// libvirt.
	Typedefs []string

	// Comments asks for File.Comments, CommentsWith for those of them that contain a text.
	Comments     bool
	CommentsWith string

	// Arm says which arm of an #if is taken in Tolerant mode when nothing decides its conditions: the
	// first one for 0, the next for 1, and #else, or none, where there are not so many conditions.
	Arm int

	// Macros are known from the start, besides those of the system: see [Parser.Leaving].
	Macros []Macro
}

// Limits that keep hostile input from exhausting memory or the stack. Reaching one is a diagnostic.
const (
	maxSourceBytes = 16 << 20 // one file
	maxNesting     = 1000     // blocks, expressions, declarators and initialisers inside one another
	maxChain       = 2000     // operators side by side in one expression
	// operators in one expression with all that are in it; labels and statements inside one another
	maxLinks      = 20000
	maxAttributes = 100     // of one declaration
	maxExpansion  = 1 << 20 // tokens, and bytes of pasted ones and strings, made by macros in one source
	maxLookahead  = 10000   // tokens in a macro's parentheses where more than grammar decides what it is
	maxInclude    = 64      // files including one another
)

// Parse parses one source on its own. Where a limit may stop it use a Parser, which says so.
func Parse(src Source, opt Options) (*File, Diagnostics) {
	p := NewParser(context.Background(), opt)
	f := p.Parse(src)
	return f, p.Diagnostics()
}
