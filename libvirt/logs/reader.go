package logs

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/diagnose/jobs"
)

// A Reader reads logs. It is a [diagnose.Starter].
type Reader struct{}

var _ diagnose.Starter = Reader{}

// longestLine is how many bytes of a line are looked at: the longest that matter are answers of QEMU.
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
	s.flush()
	return s
}

// Read implements [diagnose.Reader].
func (Reader) Read(ctx context.Context, inputs []diagnose.Input) (*diagnose.Diagnosis, error) {
	r := jobs.New()
	s := newScanner(r.Add)
	s.gap, s.inverted = r.Gap, r.Inverted
	var head []byte
	for _, in := range inputs {
		s.begin(in.Name)
		if err := s.readAll(ctx, in, &head); err != nil {
			return nil, err
		}
	}
	s.flush()
	r.Now(s.last)
	format := s.format()
	if format == diagnose.UnknownInput {
		return nil, &diagnose.Unreadable{Name: inputs[0].Name, Looks: diagnose.Looks(head), Read: int64(s.line)}
	}
	d := r.Diagnose(jobs.Source{Format: format, NoThreads: s.noThreads && !s.withThreads})
	s.notes(d)
	return d, nil
}

// readAll reads an input line by line.
func (s *scanner) readAll(ctx context.Context, in diagnose.Input, head *[]byte) error {
	b := bufio.NewReaderSize(in, longestLine)
	if *head == nil {
		start, _ := b.Peek(4096)
		*head = bytes.Clone(start)
	}
	for n := 0; ; n++ {
		if n%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		line, err := b.ReadSlice('\n')
		switch {
		case err == nil:
			s.scan(line[:len(line)-1])
		case errors.Is(err, bufio.ErrBufferFull):
			s.scan(line)
			s.long = diagnose.Place{File: s.file, Line: s.line}
			if err := skipLine(b); err != nil && !errors.Is(err, io.EOF) {
				return err
			}
		case errors.Is(err, io.EOF):
			if len(line) > 0 {
				s.scan(line)
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
