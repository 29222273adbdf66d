package search

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"unsafe"

	"github.com/lockproof/lockproof/model"
)

// spill keeps the states of finished levels in a file. With fingerprints a search needs in memory
// only the level that it expands and the next one; the others are read again, in order, when a
// counterexample is put together.
type spill[S model.Words] struct {
	file   *os.File
	out    *bufio.Writer
	starts []int64 // by level: where its states begin, in states; one more for the end
}

func newSpill[S model.Words](dir string) (*spill[S], error) {
	f, err := os.CreateTemp(dir, "lockproof-states-*")
	if err != nil {
		return nil, fmt.Errorf("search: a file for states: %w", err)
	}
	// where the system lets it: the file goes on without a name, and ends with the process however
	// that ends
	os.Remove(f.Name())
	return &spill[S]{file: f, out: bufio.NewWriterSize(f, 1<<20), starts: []int64{0}}, nil
}

// close removes the file.
func (p *spill[S]) close() {
	p.file.Close()
	os.Remove(p.file.Name())
}

// level appends the next level. When it is stopped it is as if that had never been there.
func (p *spill[S]) level(a *arena[S], spans []span, stopped func() bool) error {
	n := p.starts[len(p.starts)-1]
	for _, b := range spans {
		if stopped() {
			return nil
		}
		for i := b.lo; i < b.hi; i++ {
			if _, err := p.out.Write(bytesOf(a.at(i))); err != nil {
				return fmt.Errorf("search: writing states: %w", err)
			}
		}
		n += b.hi - b.lo
	}
	p.starts = append(p.starts, n)
	return nil
}

// each calls f with the states of a level, until that returns false.
func (p *spill[S]) each(level int, f func(*S) bool) error {
	if err := p.out.Flush(); err != nil {
		return fmt.Errorf("search: writing states: %w", err)
	}
	var s S
	size := int64(unsafe.Sizeof(s))
	lo, hi := p.starts[level], p.starts[level+1]
	in := bufio.NewReaderSize(io.NewSectionReader(p.file, lo*size, (hi-lo)*size), 1<<20)
	for range hi - lo {
		if _, err := io.ReadFull(in, bytesOf(&s)); err != nil {
			return fmt.Errorf("search: reading states: %w", err)
		}
		if !f(&s) {
			break
		}
	}
	return nil
}

// bytesOf is a state as memory has it: the file is read by the process that wrote it.
func bytesOf[S model.Words](s *S) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(s)), unsafe.Sizeof(*s))
}

// spillLevel moves the level that was just expanded to the file and gives its memory back.
func (s *search[S]) spillLevel() {
	n := len(s.levels)
	if s.err = s.spill.level(&s.arena, s.levels[n-2], s.workers[0].stopped); s.err != nil {
		return
	}
	if l := s.halted.Load(); l != nil {
		s.limit = *l
		return
	}
	keep := s.arena.next.Load()
	for _, b := range s.levels[n-1] {
		keep = min(keep, b.lo)
	}
	for _, w := range s.workers {
		if w.block.lo < w.block.hi {
			keep = min(keep, w.block.lo)
		}
	}
	s.arena.release(keep)
}
