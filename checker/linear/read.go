package linear

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A Problem is one thing wrong with a history file.
type Problem struct {
	File         string
	Line, Column int
	Text         string
}

// Problems is everything wrong with a history file, in its order. More than a hundred are counted, not listed.
type Problems struct {
	List []Problem
	More int
}

const mostProblems = 100

func (p *Problems) Error() string {
	var b strings.Builder
	for i, x := range p.List {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s:%d:%d: %s", x.File, x.Line, x.Column, x.Text)
	}
	if p.More > 0 {
		fmt.Fprintf(&b, "\nand %d more", p.More)
	}
	return b.String()
}

// A Reader reads what a [Writer] wrote, and nothing else: whatever it does not know is a problem.
type Reader struct {
	file     string
	in       *bufio.Reader
	line     int
	header   *Header
	ended    bool
	complete bool
	last     int64 // the last cut
	chunk    History
	fields   []field
	problems Problems
}

// NewReader reads a file, whose name is for messages.
func NewReader(file string, r io.Reader) *Reader {
	return &Reader{file: file, in: bufio.NewReaderSize(r, 1<<16)}
}

// Header is the first line, once Next has been called.
func (r *Reader) Header() Header {
	if r.header == nil {
		return Header{}
	}
	return *r.header
}

// Complete reports, at the end, whether the run came to its own end.
func (r *Reader) Complete() bool { return r.complete }

// Next reads up to the next cut. At the end it returns io.EOF, or a [*Problems] with everything that was wrong anywhere; then
// the histories that came before are not to be trusted. Other errors are those of the underlying reader.
func (r *Reader) Next() (History, error) {
	r.chunk = History{Cut: -1}
	for r.chunk.Cut < 0 {
		line, err := r.in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return History{}, err
		}
		if len(line) == 0 {
			return History{}, r.finish()
		}
		if n := len(line) - 1; line[n] == '\n' {
			line = line[:n]
		}
		r.line++
		r.record(line)
	}
	return r.chunk, nil
}

// finish is the end of the file.
func (r *Reader) finish() error {
	r.line++
	switch {
	case r.header == nil && r.line == 1:
		r.problem(1, "the file is empty; a history begins with {\"history\":1}")
	case !r.ended:
		r.problem(1, "the history is cut off: its last record is not an end")
	}
	if len(r.problems.List) > 0 {
		return &r.problems
	}
	return io.EOF
}

func (r *Reader) problem(column int, format string, args ...any) {
	if len(r.problems.List) == mostProblems {
		r.problems.More++
		return
	}
	r.problems.List = append(r.problems.List, Problem{r.file, r.line, column, fmt.Sprintf(format, args...)})
}

// record reads one line.
func (r *Reader) record(line []byte) {
	fields, column, text := parseLine(line, r.fields[:0])
	r.fields = fields
	if text != "" {
		r.problem(column, "%s", text)
		return
	}
	if len(fields) == 0 {
		r.problem(1, "the record is empty")
		return
	}
	rec := &record{reader: r, fields: fields}
	switch first := fields[0].name; {
	case r.ended:
		r.problem(1, "a record after the end")
		return
	case r.header == nil:
		if first != "history" {
			r.problem(1, "a history begins with {\"history\":1}")
		}
		r.header = &Header{}
		if first == "history" {
			rec.header(r.header)
		}
	case first == "call":
		rec.operation()
	case first == "job":
		rec.job()
	case first == "cut":
		rec.cut()
	case first == "end":
		rec.end()
	default:
		r.problem(1, "a record begins with call, job, cut or end, not %q", first)
		return
	}
	rec.unknown()
}

// Broken reports whether something was wrong so far, so that checking what was read is of no use.
func (r *Reader) Broken() bool { return len(r.problems.List) > 0 }
