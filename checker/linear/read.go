package linear

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// A Problem is one thing wrong with a history file.
type Problem struct {
	File         string
	Line, Column int
	Text         string
}

// Problems is everything wrong with a history file, in its order. More than a hundred are counted,
// not listed.
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
// It holds one history, up to the next cut, and every name once. What would not fit is a problem
// too, and ends the reading.
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
	names    map[string]string // of clients and domains
	named    int               // bytes of them
	problems Problems
	given    bool // up

	mostRecords, mostNames int // tests take less
}

// The bounds of what a Reader holds.
const (
	longestLine = 1 << 16 // bytes
	mostFields  = 64      // in a line
	mostRecords = 1 << 20 // between two cuts
	longestName = 1 << 10 // bytes
	mostNames   = 1 << 26 // bytes that all names of clients and domains take, with what keeps them apart
)

// NewReader reads a file, whose name is for messages.
func NewReader(file string, r io.Reader) *Reader {
	return &Reader{
		file: file, in: bufio.NewReaderSize(r, longestLine+1), names: map[string]string{},
		mostRecords: mostRecords, mostNames: mostNames,
	}
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

// Next reads up to the next cut. At the end it returns io.EOF, or a [*Problems] with everything
// that was wrong anywhere; then the histories that came before are not to be trusted. What the
// underlying reader finds wrong with its input is a problem as well, at the line where it comes up;
// but not that a file cannot be read, or that a context has ended.
func (r *Reader) Next() (History, error) {
	r.chunk = History{Cut: -1}
	for r.chunk.Cut < 0 {
		line, err := r.in.ReadSlice('\n')
		switch {
		case err == nil:
			line = line[:len(line)-1]
		case errors.Is(err, bufio.ErrBufferFull):
			r.line++
			r.giveUp(longestLine+1, "the line is longer than %d bytes; what comes after it was not read", longestLine)
		case !errors.Is(err, io.EOF):
			switch {
			case isOutside(err) && r.Broken():
				return History{}, &r.problems
			case isOutside(err):
				return History{}, err
			}
			r.line++
			r.giveUp(len(line)+1, "what comes here cannot be read: %v", err)
		case len(line) == 0:
			return History{}, r.finish()
		}
		if !r.given {
			r.line++
			r.record(line)
		}
		if r.given {
			return History{}, &r.problems
		}
	}
	return r.chunk, nil
}

// isOutside reports whether an error has nothing to do with what is in the file.
func isOutside(err error) bool {
	var path *fs.PathError
	return errors.As(err, &path) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// giveUp notes a problem after which nothing more is read.
func (r *Reader) giveUp(column int, format string, args ...any) {
	r.problem(column, format, args...)
	r.given = true
}

// name is a name of which there is one copy.
func (r *Reader) name(s string, column int) string {
	if known, ok := r.names[s]; ok {
		return known
	}
	if r.named += len(s) + 64; r.named > r.mostNames {
		r.giveUp(column, "the names of clients and domains take more than %d bytes", r.mostNames)
	}
	r.names[s] = s
	return s
}

// full notes that there is a record more than a Reader holds.
func (r *Reader) full() {
	if len(r.chunk.Operations)+len(r.chunk.Jobs) == r.mostRecords {
		r.giveUp(1, "more than %d records without a cut", r.mostRecords)
	}
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
	r.problems.Add(r.file, r.line, column, format, args...)
}

// Add notes a problem.
func (p *Problems) Add(file string, line, column int, format string, args ...any) {
	if len(p.List) == mostProblems {
		p.More++
		return
	}
	p.List = append(p.List, Problem{file, line, column, fmt.Sprintf(format, args...)})
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
		r.problem(1, "a record begins with call, job, cut or end, not %s", quote(first))
		return
	}
	rec.unknown()
}

// Broken reports whether something was wrong so far, so that checking what was read is of no use.
func (r *Reader) Broken() bool { return len(r.problems.List) > 0 }
