package linear

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/iotest"
)

// problemsOf reads to the end, and gives what was wrong.
func problemsOf(t *testing.T, r *Reader) string {
	t.Helper()
	for {
		_, err := r.Next()
		var p *Problems
		switch {
		case errors.As(err, &p):
			return p.Error()
		case errors.Is(err, io.EOF):
			return ""
		case err != nil:
			t.Fatal(err)
		}
	}
}

// endless is a line that does not end. It gives up when nobody stops reading it.
type endless struct {
	text string
	left int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left -= len(p); e.left < 0 {
		return 0, fs.ErrInvalid
	}
	n := copy(p, e.text)
	e.text = e.text[n:]
	for i := n; i < len(p); i++ {
		p[i] = 'a'
	}
	return len(p), nil
}

// What a reader would have to hold is bounded, and what is wrong has its place.
func TestReadingIsBounded(t *testing.T) {
	const header = `{"history":1}` + "\n"
	call := func(domain string) string {
		return `{"call":"info","domain":"` + domain + `","client":"c","from":1}` + "\n"
	}
	var fields strings.Builder
	for i := range 70 {
		fmt.Fprintf(&fields, `,"f%d":1`, i)
	}
	for name, tt := range map[string]struct {
		in   io.Reader
		want string
	}{
		"a line that does not end": {
			&endless{header + "{", 1 << 20},
			"f:2:65537: the line is longer than 65536 bytes; what comes after it was not read",
		},
		"an endless line after a mistake": {
			&endless{header + "{x\n", 1 << 20},
			"f:2:2: expected the name of a field\nf:3:65537: the line is longer than 65536 bytes; what comes after it was not read",
		},
		"a line as long as it may be": {
			strings.NewReader(header + strings.Repeat(" ", longestLine-9) + `{"cut":5}` + "\n" + `{"end":5,"complete":true}` + "\n"), "",
		},
		"many fields": {strings.NewReader(header + `{"f":1` + fields.String() + "}\n"), "f:2:508: more than 64 fields\nf:3:1: the history is cut off: its last record is not an end"},
		"many records": {
			strings.NewReader(header + strings.Repeat(call("vm1"), 11)),
			"f:12:1: more than 10 records without a cut",
		},
		"many names": {
			strings.NewReader(header + call("vm1") + call("vm2") + call("vm3") + call("vm4")),
			"f:5:25: the names of clients and domains take more than 300 bytes",
		},
		"a long name": {
			strings.NewReader(header + call(strings.Repeat("v", 1025)) + `{"cut":5}` + "\n" + `{"end":5,"complete":true}` + "\n"),
			"f:2:25: domain is longer than 1024 bytes",
		},
		"a long field": {
			strings.NewReader(header + `{"cut":5,"` + strings.Repeat("é", 300) + `":1}` + "\n" + `{"end":5,"complete":true}` + "\n"),
			`f:2:613: unknown field "` + strings.Repeat("é", 30) + `"...`,
		},
		"damaged": {
			io.MultiReader(strings.NewReader(header+"{x\n{\"cut"), iotest.ErrReader(errors.New("bad block"))),
			"f:2:2: expected the name of a field\nf:3:6: what comes here cannot be read: bad block",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := NewReader("f", tt.in)
			r.mostRecords, r.mostNames = 10, 300
			if got := problemsOf(t, r); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// That a file cannot be read, or that nobody waits for it any more, is not the fault of what is in
// it; mistakes that were seen are.
func TestReadingEnds(t *testing.T) {
	for _, outside := range []error{context.Canceled, context.DeadlineExceeded, &fs.PathError{Op: "read", Path: "f", Err: fs.ErrInvalid}} {
		r := NewReader("f", io.MultiReader(strings.NewReader(`{"history":1}`+"\n"), iotest.ErrReader(outside)))
		if _, err := r.Next(); !errors.Is(err, outside) || r.Broken() {
			t.Error(err)
		}
		r = NewReader("f", io.MultiReader(strings.NewReader("x\n"), iotest.ErrReader(outside)))
		if got := problemsOf(t, r); got != "f:1:1: expected a JSON object" {
			t.Error(got)
		}
	}
}
