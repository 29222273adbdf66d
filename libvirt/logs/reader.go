package logs

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/diagnose/jobs"
)

// A Reader reads logs. It is a [diagnose.Starter] and a [diagnose.Follower].
type Reader struct {
	Timeline bool // the diagnosis has one
}

var (
	_ diagnose.Starter  = Reader{}
	_ diagnose.Follower = Reader{}
)

// longestLine is how many bytes of a line are looked at: the longest that matter are answers of
// QEMU.
const longestLine = 1 << 18

// Recognise implements [diagnose.Reader]. Any text may be a log of somebody who quotes libvirt
// further on.
func (Reader) Recognise(head []byte) diagnose.Recognition {
	if len(head) == 0 || diagnose.IsBinary(head) || len(bytes.TrimSpace(head)) == 0 {
		return diagnose.Foreign
	}
	s := glance(head)
	for sort, n := range s.seen {
		if n > 0 && sort != int(foreign) {
			return diagnose.Fits
		}
	}
	return diagnose.Perhaps
}

// Start implements [diagnose.Starter].
func (Reader) Start(head []byte) diagnose.Moment { return glance(head).first }

// glance reads the first bytes of a log, up to the last whole line.
func glance(head []byte) *scanner {
	s := newScanner(func(*jobs.Event) {})
	for len(head) > 0 {
		line, rest, whole := bytes.Cut(head, []byte("\n"))
		if !whole && len(head) >= diagnose.HeadSize/2 {
			break
		}
		s.scan(line)
		head = rest
	}
	s.close()
	return s
}

// Read implements [diagnose.Reader].
func (x Reader) Read(ctx context.Context, inputs []diagnose.Input) (*diagnose.Diagnosis, error) {
	r := newReading(x.Timeline)
	for i, in := range inputs {
		if i > 0 {
			in = r.next(in)
		}
		if err := r.all(ctx, in, nil); err != nil {
			return nil, err
		}
	}
	return r.end(inputs[0].Name)
}

// Follow implements [diagnose.Follower].
func (x Reader) Follow(ctx context.Context, in diagnose.Input,
	seen func(*diagnose.Diagnosis) error,
) (*diagnose.Diagnosis, error) {
	r := newReading(x.Timeline)
	known := 0
	err := r.all(ctx, in, func() error {
		n := r.replay.News()
		if n == known || r.scanner.format() == diagnose.UnknownInput {
			return nil
		}
		known = n
		return seen(r.diagnosis())
	})
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	return r.end(in.Name)
}

// A reading is a log while it is read.
type reading struct {
	replay  *jobs.Replay
	scanner *scanner
	head    []byte // its first bytes
	others  int    // logs of other daemons behind the first
}

func newReading(timeline bool) *reading {
	r := &reading{replay: jobs.New()}
	if timeline {
		r.replay.KeepTimeline()
	}
	r.scanner = newScanner(r.replay.Add)
	r.scanner.gap, r.scanner.inverted = r.replay.Gap, r.replay.Inverted
	return r
}

// next looks at how the next input begins: what begins before the last one has ended is not a later
// part of its log, but that of another daemon.
func (r *reading) next(in diagnose.Input) diagnose.Input {
	r.scanner.close()
	b := bufio.NewReaderSize(in, diagnose.HeadSize)
	head, _ := b.Peek(diagnose.HeadSize) // an error comes again
	if late, ok := r.scanner.last.Sub(glance(head).first); ok && late > overlap {
		r.replay.Now(r.scanner.last)
		r.replay.Another()
		r.scanner.last = diagnose.Moment{}
		r.others++
	}
	return diagnose.Input{Name: in.Name, Reader: b}
}

// overlap is how far the stamps of one log go back at most.
const overlap = time.Second

// end is what is said of the log when all of it has been read.
func (r *reading) end(name string) (*diagnose.Diagnosis, error) {
	s := r.scanner
	s.close()
	if s.format() == diagnose.UnknownInput {
		return nil, &diagnose.Unreadable{Name: name, Looks: diagnose.Looks(r.head), Read: int64(s.line)}
	}
	return r.diagnosis(), nil
}

func (r *reading) diagnosis() *diagnose.Diagnosis {
	s := r.scanner
	r.replay.Now(s.last)
	d := r.replay.Diagnose(jobs.Source{Format: s.format(), NoThreads: s.noThreads && !s.withThreads})
	s.notes(d)
	if r.others > 0 {
		d.Notes = append(d.Notes, diagnose.Claim{
			Inferred: true,
			Text: fmt.Sprintf("the files are logs of %d daemons, for their times overlap: pointers and threads of one "+
				"are not those of another", r.others+1),
		})
	}
	return d
}

// all reads an input line by line. idle, if there is one, is called when nothing is left that could
// be read without waiting.
func (r *reading) all(ctx context.Context, in diagnose.Input, idle func() error) error {
	r.scanner.begin(in.Name)
	b := bufio.NewReaderSize(in, longestLine)
	for n := 0; ; n++ {
		if n%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if idle != nil && b.Buffered() == 0 {
			if err := idle(); err != nil {
				return err
			}
		}
		line, err := b.ReadSlice('\n')
		if len(r.head) == 0 {
			r.head = bytes.Clone(line[:min(len(line), 4096)])
		}
		switch {
		case err == nil:
			r.scanner.scan(line[:len(line)-1])
		case errors.Is(err, bufio.ErrBufferFull):
			r.scanner.scan(line)
			r.scanner.long = diagnose.Place{File: in.Name, Line: r.scanner.line}
			if err := skipLine(b); err != nil && !errors.Is(err, io.EOF) {
				return err
			}
		case errors.Is(err, io.EOF):
			if len(line) > 0 {
				r.scanner.scan(line)
			}
			return nil
		default:
			return err
		}
	}
}

// skipLine goes to the end of a line.
func skipLine(b *bufio.Reader) error {
	for {
		_, err := b.ReadSlice('\n')
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// format is what the log is, by the sort of most of its lines that have to do with libvirt.
func (s *scanner) format() diagnose.Format {
	best, most := diagnose.UnknownInput, int64(0)
	for sort, f := range [...]diagnose.Format{
		plain: diagnose.LibvirtdLog, syslog: diagnose.Journal, journal: diagnose.JournalJSON, kubevirt: diagnose.KubeVirtJSON,
	} {
		if n := s.seen[sort]; n > most {
			best, most = f, n
		}
	}
	if most == 0 && s.seen[client] > 0 {
		return diagnose.Client
	}
	return best
}

// notes says what of the log was not read.
func (s *scanner) notes(d *diagnose.Diagnosis) {
	if n := s.seen[foreign]; n > 0 && d.Format != diagnose.Client {
		d.Counts = append(d.Counts, diagnose.Count{What: "lines of others", N: n})
	}
	note := func(text string, at diagnose.Place) {
		if at.Line != 0 {
			d.Notes = append(d.Notes, diagnose.Claim{Text: text, At: []diagnose.Place{at}})
		}
	}
	note(fmt.Sprintf("line %d is cut off, and what follows is no text", s.torn.Line), s.torn)
	note(fmt.Sprintf("of line %d only the first %d bytes were read", s.long.Line, longestLine), s.long)
}
