package printable

import (
	"io"
	"strings"
	"sync"
	"unicode/utf8"
)

// A Rule says what a [Writer] writes as an escape.
type Rule uint8

// The rules.
const (
	Controls Rule = 1 << iota // what cannot be seen; tabs become blanks, and a line may end as on Windows
	Commands                  // what a CI runner would obey
	Both          = Controls | Commands

	asJSON Rule = 1 << 2 // escapes are those of strings in JSON
)

// A Writer writes text in printable form to another writer. It may be used by several goroutines;
// what one call writes stays together. A rune may come in parts. Flush must follow the last Write,
// for the part of a rune that may be left.
type Writer struct {
	w     io.Writer
	rules Rule

	mu      sync.Mutex
	guard   guard
	column  int
	pending []byte // the beginning of a rune, or a carriage return
	out     strings.Builder
}

// NewWriter makes a writer with these rules.
func NewWriter(w io.Writer, rules Rule) *Writer { return &Writer{w: w, rules: rules} }

// NewJSON makes a writer for JSON: what cannot be seen, and what a CI runner would obey, stands
// only in strings there, and is written with the escapes of JSON. A reader of it finds the same
// strings.
func NewJSON(w io.Writer) *Writer { return NewWriter(w, Both|asJSON) }

// Unwrap is the writer below.
func (w *Writer) Unwrap() io.Writer { return w.w }

func (w *Writer) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text(string(text), false)
	if err := w.send(); err != nil {
		return 0, err
	}
	return len(text), nil
}

// Flush writes the part of a rune that is left.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text("", true)
	return w.send()
}

func (w *Writer) send() error {
	defer w.out.Reset()
	if w.out.Len() == 0 {
		return nil
	}
	_, err := io.WriteString(w.w, w.out.String())
	return err
}

// text puts a text into what is sent; after the last one nothing is kept back.
func (w *Writer) text(s string, last bool) {
	s = string(w.pending) + s
	w.pending = w.pending[:0]
	for len(s) > 0 {
		if !last && (!utf8.FullRuneInString(s) || s == "\r" && w.rules&Controls != 0) {
			w.pending = append(w.pending, s...)
			return
		}
		r, n := utf8.DecodeRuneInString(s)
		if w.rules&Controls != 0 && strings.HasPrefix(s, "\r\n") {
			r, n = '\n', 2
		}
		w.rune(r, s[:n])
		s = s[n:]
	}
}

func (w *Writer) rune(r rune, raw string) {
	switch {
	case r == '\n':
		w.guard.line()
		w.out.WriteByte('\n')
		w.column = 0
	case w.rules&Controls == 0:
		w.unlessCommand(r, raw)
	case r == '\t' && w.rules&asJSON == 0:
		for ok := true; ok; ok = w.column%8 != 0 {
			w.unlessCommand(' ', " ")
		}
	case invalid(r, len(raw)) || !Shown(r):
		w.escape(r, raw)
	default:
		w.unlessCommand(r, raw)
	}
}

func (w *Writer) unlessCommand(r rune, raw string) {
	if w.guard.breaks(r) && w.rules&Commands != 0 {
		w.escape(r, raw)
		return
	}
	w.out.WriteString(raw)
	w.column++
}

func (w *Writer) escape(r rune, raw string) {
	text := visible(r, raw)
	if w.rules&asJSON != 0 {
		text = inJSON(r)
	}
	w.guard.escaped()
	w.out.WriteString(text)
	w.column += len(text)
}
