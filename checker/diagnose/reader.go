package diagnose

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// An Input is something to be read, under the name that messages and lines show.
type Input struct {
	Name string
	io.Reader
}

// HeadSize is how many bytes of an input a [Reader] may look at before it says whether it knows
// it.
const HeadSize = 1 << 16

// A Recognition is how sure a reader is that an input is one of its own.
type Recognition int

// The recognitions.
const (
	Foreign Recognition = iota // it cannot be
	// it is text, and the reader would have to look further: of logs, whose first lines may be
	// anything's
	Perhaps
	Fits    // the shape fits
	Certain // something stands there that nothing else writes
)

// A Reader reads one kind of input.
type Reader interface {
	// Recognise looks at the first bytes, at most [HeadSize], perhaps cut in the middle of a line.
	Recognise(head []byte) Recognition

	// Read reads inputs of that kind which belong together, in the order of time. It streams: what
	// it keeps does not grow with the input. Its errors are those of the inputs and of the context,
	// or [*Unreadable].
	Read(ctx context.Context, inputs []Input) (*Diagnosis, error)
}

// Choose is the reader that knows an input best, the first of equals; an [*Unreadable] if none
// does.
func Choose(readers []Reader, name string, head []byte) (Reader, error) {
	var best Reader
	most := Foreign
	for _, r := range readers {
		if x := r.Recognise(head); x > most {
			best, most = r, x
		}
	}
	if best == nil {
		return nil, &Unreadable{Name: name, Looks: Looks(head)}
	}
	return best, nil
}

// An Unreadable input has nothing in it from which a diagnosis could be made.
type Unreadable struct {
	Name  string
	Looks string // what it looks like: "an empty file"; "" where it looks like nothing known
	Read  int64  // how many lines were looked at, where that helps
}

// Error says what the input looks like and what to send instead, in at most three lines.
func (e *Unreadable) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", e.Name)
	switch {
	case e.Looks != "":
		fmt.Fprintf(&b, "this looks like %s, not like something of libvirtd", e.Looks)
	default:
		b.WriteString("nothing in it comes from libvirtd or from a client of it")
	}
	if e.Read > 0 {
		fmt.Fprintf(&b, " (%d lines were read)", e.Read)
	}
	b.WriteString("\nlooked for: lines of libvirtd (file, journal, KubeVirt), a client's \"cannot acquire state change " +
		"lock\", stacks of gdb, helgrind, virsh domjobinfo")
	b.WriteString("\nsend instead: the daemon's log with the filters that `lockproof history --setup` prints, or `gdb " +
		"-p $(pidof libvirtd) -batch -ex 'thread apply all bt'`")
	return b.String()
}

// IsUnreadable reports whether an error says that an input is nothing to be read.
func IsUnreadable(err error) bool {
	var u *Unreadable
	return errors.As(err, &u)
}

// A Starter is a [Reader] that can tell when an input begins, so that several are read in order.
type Starter interface {
	Reader

	// Start is the first stamp in the first bytes of an input; unknown if there is none.
	Start(head []byte) Moment
}

// A Follower is a [Reader] of something that is still written.
type Follower interface {
	Reader

	// Follow reads as Read does, and calls seen with what is to be said so far, each time that all
	// that there is has been read and something new is wrong. When the context ends, what was read by
	// then is the answer.
	Follow(ctx context.Context, in Input, seen func(*Diagnosis) error) (*Diagnosis, error)
}
