package terminal

import (
	"io"
	"os"

	"golang.org/x/term"
)

// A Style says how text is laid out.
type Style struct {
	Width  int // columns; 0 means 80
	Colour bool
}

// StyleOf is the style for a writer: its width and, unless NO_COLOR is set or the terminal is dumb,
// colour, when it is a terminal; else 80 columns without.
func StyleOf(w io.Writer) Style {
	f := terminal(w)
	if f == nil {
		return Style{}
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 40 {
		width = 0
	}
	return Style{Width: width, Colour: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// IsTerminal reports whether a person is looking at what is written to w.
func IsTerminal(w io.Writer) bool { return terminal(w) != nil }

// terminal is the terminal that a writer ends in; nil when it ends elsewhere.
func terminal(w io.Writer) *os.File {
	for {
		switch x := w.(type) {
		case interface{ Unwrap() io.Writer }:
			w = x.Unwrap()
		case *os.File:
			if term.IsTerminal(int(x.Fd())) {
				return x
			}
			return nil
		default:
			return nil
		}
	}
}

func (s Style) width() int {
	if s.Width <= 0 {
		return 80
	}
	return s.Width
}
