package reports

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

// StyleOf is the style for a writer: its width and, unless NO_COLOR is set or the terminal is dumb, colour, when it is a
// terminal; else 80 columns without.
func StyleOf(w io.Writer) Style {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return Style{}
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 40 {
		width = 0
	}
	return Style{Width: width, Colour: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// IsTerminal reports whether a person is looking at what is written to w.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func (s Style) width() int {
	if s.Width <= 0 {
		return 80
	}
	return s.Width
}
