package terminal

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// Progress shows that something is going on: on a terminal one line that is written over and over,
// else a line of key=value pairs now and then. It may be used by several goroutines.
type Progress struct {
	w        io.Writer
	terminal bool
	every    time.Duration

	mu      sync.Mutex
	total   int
	done    int
	shown   bool // a line stands on the terminal
	last    time.Time
	started time.Time
}

// Searching is how far a search is.
type Searching struct {
	Phase    string // what it is doing
	States   int64
	Depth    int   // levels completed
	Frontier int64 // states found and not yet expanded
	Bytes    int64
}

// NewProgress reports on total scenarios, at most once in the given time.
func NewProgress(w io.Writer, terminal bool, every time.Duration, total int) *Progress {
	now := time.Now()
	return &Progress{w: w, terminal: terminal, every: every, total: total, last: now, started: now}
}

// Every is how often a search should call Update.
func (p *Progress) Every() time.Duration { return p.every }

// Update shows where the search of one scenario is.
func (p *Progress) Update(name string, x Searching) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.last) < p.every*9/10 {
		return
	}
	p.last = time.Now()
	if !p.terminal {
		p.write(fmt.Sprintf("lockproof: done=%d of=%d scenario=%s phase=%q states=%d depth=%d frontier=%d bytes=%d seconds=%.0f\n",
			p.done, p.total, reports.Flat(name), x.Phase, x.States, x.Depth, x.Frontier, x.Bytes, time.Since(p.started).Seconds()))
		return
	}
	line := reports.Flat(fmt.Sprintf("[%d/%d] %s: %s, %d states, depth %d, %d MB, %.0f s", p.done, p.total, name, x.Phase, x.States, x.Depth,
		x.Bytes>>20, time.Since(p.started).Seconds()))
	if width := StyleOf(p.w).width(); len(line) >= width {
		line = line[:width-1]
	}
	p.clear()
	p.write(line)
	p.shown = true
}

// Done notes that one more scenario is finished, removes the line from the terminal and lets show
// write the result. No other line appears before show returns. A nil Progress shows nothing of its
// own.
func (p *Progress) Done(show func() error) error {
	if p == nil {
		return show()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.clear()
	return show()
}

func (p *Progress) clear() {
	if p.shown {
		var b printable.Page
		b.Erase()
		b.WriteTo(p.w)
		p.shown = false
	}
}

// write writes a text. That progress cannot be shown is no reason to stop.
func (p *Progress) write(text string) {
	var b printable.Page
	b.WriteString(text)
	b.WriteTo(p.w)
}
