package main

import (
	"bufio"
	"context"
	"errors"
	"strings"

	"github.com/lockproof/lockproof/reports"
)

// longestQuote is how many bytes of a line of a log a report quotes.
const longestQuote = 400

// quoteLogs puts the lines of logs into the report that it names, for the page to lead to. What
// cannot be opened again, or has changed so that it cannot be read, is not quoted.
func (x *answerWriter) quoteLogs(ctx context.Context, all []*evidence) {
	wanted := x.report.LogLines()
	for _, e := range all {
		lines := wanted[e.name]
		if len(lines) == 0 || e.stream != nil {
			continue
		}
		if s := quoteLog(ctx, e, lines); len(s.Lines) > 0 {
			x.report.Sources = append(x.report.Sources, s)
		}
	}
}

// quoteLog reads a log again, up to the last line that is wanted.
func quoteLog(ctx context.Context, e *evidence, lines []int) reports.Source {
	s := reports.Source{File: e.name}
	r, done, err := e.open(ctx)
	if err != nil {
		return s
	}
	defer done()
	for n := 1; len(lines) > 0; n++ {
		text, more, err := r.ReadLine()
		if err != nil {
			return s
		}
		if n == lines[0] {
			lines = lines[1:]
			s.Lines = append(s.Lines, reports.Line{
				Number: n,
				Text:   strings.ToValidUTF8(string(text[:min(len(text), longestQuote)]), "\uFFFD"),
			})
		}
		for more && err == nil {
			_, more, err = r.ReadLine()
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return s
		}
	}
	return s
}
