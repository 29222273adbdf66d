package search

import "github.com/lockproof/lockproof/model"

// crowded reports whether the worker's part of the visited set must grow before it takes another
// parcel. Three fifths full, a state that is not there is known to be new after four entries on
// average; at three quarters it would take nine.
func (w *worker[S]) crowded() bool { return (w.held+parcelSize)*5 > w.setLen()*3 }

// setLen is the number of entries of the worker's part of the visited set, setBytes the memory that
// it takes.
func (w *worker[S]) setLen() int64 {
	if w.fingerprints != nil {
		return int64(len(w.fingerprints.entries))
	}
	return int64(len(w.index.entries))
}

func (w *worker[S]) setBytes() int64 { return w.setLen() * w.entrySize() }

func (w *worker[S]) entrySize() int64 {
	if w.fingerprints != nil {
		return 8
	}
	return 4
}

// growth is by how many halves the set grows. While it is small, growing much at a time saves most
// of the rebuilding and costs memory that nobody misses; later it doubles, or with wide states
// grows by half, to stay below 24 bytes a state.
func (w *worker[S]) growth() int64 {
	switch bytes := w.s.setBytes.Load(); {
	case bytes < 4<<20:
		return 16
	case bytes < 64<<20:
		return 8
	case stateSize[S]() == 8:
		return 4
	}
	return 3
}

// grow rebuilds the worker's part of the visited set, larger. It returns false, and stops the
// search, when memory does not allow it.
func (w *worker[S]) grow() bool {
	for _, n := range []int64{w.setLen() * w.growth() / 2, w.setLen() * 3 / 2} {
		if !w.s.stop.Load() && w.rebuild(n) {
			return true
		}
	}
	w.s.halt(model.MemoryLimit) // unless it stands still for another reason
	return false
}

// rebuild gives the worker's part of the visited set n entries, unless that takes more memory than
// there may be. That of fingerprints is made from the old one, which must be kept until then; an
// index is made from the states.
func (w *worker[S]) rebuild(n int64) bool {
	s := w.s
	before, bytes := w.setBytes(), n*w.entrySize()
	more := bytes
	if w.index != nil {
		more -= before
	}
	s.setBytes.Add(more)
	if !s.fits(0) {
		s.setBytes.Add(-more)
		return false
	}
	s.notePeak(s.arena.bytes() + s.setBytes.Load())
	if w.fingerprints != nil {
		if !w.fingerprints.resize(n, w.stopped) {
			s.setBytes.Add(-more)
			return false
		}
		s.setBytes.Add(-before)
		return true
	}
	w.closeBlock()
	if !w.index.resize(n, n*int64(len(s.workers)), append(w.filled[:len(w.filled):len(w.filled)], w.fresh...), w.stopped) {
		s.halt(model.MemoryLimit) // unless it stands still for another reason
		return false
	}
	return true
}

// stopped looks whether the search is to stop, in the middle of something long.
func (w *worker[S]) stopped() bool {
	if l := model.Stopped(w.s.ctx); l != model.NoLimit {
		w.s.halt(l)
	}
	return w.s.stop.Load()
}
