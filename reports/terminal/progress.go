package terminal

import (
	"fmt"
	"io"
	"strings"
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

// A Stage is how far the work is, in the middle of it.
type Stage struct {
	Scenario string // which one, where there are several
	Phase    string // what is being done
	Counts   []Count
}

// A Count is one number of a Stage.
type Count struct {
	Name  string // one word, in the plural; Bytes are shown as megabytes to people
	Value int64
}

// Bytes is the name of a count of memory.
const Bytes = "bytes"

// NewProgress reports on total scenarios, at most once in the given time. Without scenarios total
// is 0, and Done is not called.
func NewProgress(w io.Writer, terminal bool, every time.Duration, total int) *Progress {
	now := time.Now()
	return &Progress{w: w, terminal: terminal, every: every, total: total, last: now, started: now}
}

// Every is how often work should call Update.
func (p *Progress) Every() time.Duration { return p.every }

// Update shows where the work is. A nil Progress shows nothing.
func (p *Progress) Update(s Stage) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.last) < p.every*9/10 {
		return
	}
	p.last = time.Now()
	if !p.terminal {
		p.write(p.record(s))
		return
	}
	line := p.line(s)
	if width := StyleOf(p.w).width(); len(line) >= width {
		line = line[:width-1]
	}
	p.clear()
	p.write(line)
	p.shown = true
}

// record is the form for programs.
func (p *Progress) record(s Stage) string {
	var b strings.Builder
	b.WriteString("lockproof:")
	if p.total > 0 {
		fmt.Fprintf(&b, " done=%d of=%d", p.done, p.total)
	}
	if s.Scenario != "" {
		fmt.Fprintf(&b, " scenario=%s", reports.Flat(s.Scenario))
	}
	fmt.Fprintf(&b, " phase=%q", s.Phase)
	for _, c := range s.Counts {
		fmt.Fprintf(&b, " %s=%d", c.Name, c.Value)
	}
	fmt.Fprintf(&b, " seconds=%.0f\n", time.Since(p.started).Seconds())
	return b.String()
}

// line is the form for people.
func (p *Progress) line(s Stage) string {
	var b strings.Builder
	if p.total > 0 {
		fmt.Fprintf(&b, "[%d/%d] ", p.done, p.total)
	}
	if s.Scenario != "" {
		b.WriteString(s.Scenario + ": ")
	}
	b.WriteString(s.Phase)
	for _, c := range s.Counts {
		if c.Name == Bytes {
			fmt.Fprintf(&b, ", %d MB", c.Value>>20)
		} else {
			fmt.Fprintf(&b, ", %s %d", c.Name, c.Value)
		}
	}
	fmt.Fprintf(&b, ", %.0f s", time.Since(p.started).Seconds())
	return reports.Flat(b.String())
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

// Clear removes the line from the terminal, before something else is written.
func (p *Progress) Clear() {
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.clear()
	}
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
