package backtrace

import (
	"context"
	"io"
	"strings"

	"github.com/lockproof/lockproof/libvirt/plain"
)

// Limits of what is kept; what is beyond them is counted.
const (
	mostLine    = 1 << 16 // bytes of a frame
	mostFrames  = 512     // of a thread: the rest of an endless recursion says nothing more
	mostThreads = 100_000 // of all dumps together
	mostKept    = 1 << 19 // frames of all threads together
	mostOwners  = 10_000
	mostDumps   = 10_000
	mostJoined  = 64 // lines that one frame may be wrapped over
)

// A File is what a text holds.
type File struct {
	Dumps    []*Dump
	Lines    int
	Foreign  int    // lines that belong to no stack
	LeftOut  int    // threads and frames beyond the limits
	LastLine string // shortened, where the text ends within a frame
}

// Read reads a text to its end. The errors are those of the reader and of the context.
func Read(ctx context.Context, in io.Reader) (*File, error) {
	p := parser{file: &File{}}
	err := plain.Lines(ctx, in, func(n int, line string) bool {
		p.file.Lines = n
		p.line(line)
		return true
	})
	if err != nil {
		return nil, err
	}
	p.end()
	return p.file, nil
}

// parser goes through a text line by line.
type parser struct {
	file    *File
	dump    *Dump   // the one that is being read; nil before the first
	thread  *Thread // whose frames come
	title   string  // prose since the last frame
	host    string
	process string
	pid     int64
	core    bool
	signal  string
	version string
	fresh   bool // a process, host or moment was announced since the last thread
	numbers map[int]Thread
	listed  int
	byLWP   map[int64]*Thread // of the dump

	pending  string // a frame that may go on in the next line
	level    int
	at       int // its line
	joined   int
	header   string // the beginning of a wrapped header
	command  string // the last command at gdb's prompt
	single   bool   // frames come one by one, of commands like frame, up or print
	threads  int
	frames   int
	lastText string
}

func (p *parser) line(text string) {
	if p.header != "" {
		text, p.header = p.header+" "+strings.TrimSpace(text), ""
	}
	if text == "" {
		p.flush()
		return
	}
	if rest, ok := prompt(text); ok {
		p.flush()
		p.gdb(rest)
		return
	}
	if first := strings.TrimLeft(text, " \t"); first[0] != '#' && p.startsThread(text) || p.startsFrame(text) ||
		p.continues(text) {
		return
	}
	p.flush()
	p.other(text)
}

// startsFrame takes a line that begins a frame.
func (p *parser) startsFrame(text string) bool {
	level, rest, ok := frameStart(text)
	if !ok {
		return false
	}
	p.flush()
	p.pending, p.level, p.at, p.joined, p.lastText = rest, level, p.file.Lines, 0, text
	return true
}

// continues takes a line into which a frame was wrapped.
func (p *parser) continues(text string) bool {
	if p.pending == "" || p.joined == mostJoined || len(p.pending)+len(text) > mostLine {
		return false
	}
	t := strings.TrimSpace(text)
	goesOn := open(p.pending) || strings.HasPrefix(t, "at ") || strings.HasPrefix(t, "from ") ||
		strings.HasPrefix(t, "in ") || t[0] == '('
	for _, end := range []string{" at", " from", " in", "="} {
		goesOn = goesOn || strings.HasSuffix(p.pending, end)
	}
	if address.FindString(p.pending+" ") == p.pending+" " { // nothing but an address so far
		goesOn = goesOn || name.MatchString(t)
	}
	if !goesOn {
		return false
	}
	p.pending += " " + t
	p.joined++
	return true
}

// flush ends the frame that is being read.
func (p *parser) flush() {
	if p.pending == "" {
		return
	}
	text := p.pending
	p.pending = ""
	f, ok := parseFrame(p.level, text, p.at)
	if !ok {
		p.file.Foreign++
		return
	}
	p.frame(f)
}

func (p *parser) frame(f Frame) {
	switch t := p.thread; {
	case t == nil:
		p.begin(Thread{Line: f.Line})
	case len(t.Frames) == 0:
	case f.Level > t.Frames[len(t.Frames)-1].Level:
	case p.single: // gdb shows again what was seen
		return
	case f.Level != 0:
		return
	case len(t.Frames) == 1 || p.command != "": // after [Switching to thread the first frame comes twice
		p.frames -= len(t.Frames)
		t.Frames, t.More = t.Frames[:0], 0
	default:
		p.begin(Thread{Line: f.Line})
	}
	p.command = ""
	t := p.thread
	if t == nil {
		return
	}
	if len(t.Frames) == mostFrames || p.frames == mostKept {
		t.More++
		p.file.LeftOut++
		return
	}
	p.frames++
	t.Frames = append(t.Frames, f)
	p.title = ""
}

// begin starts the stack of a thread, in a new dump where it must be another one.
func (p *parser) begin(t Thread) {
	if p.threads == mostThreads {
		p.thread = nil
		p.file.LeftOut++
		return
	}
	again := p.dump != nil && t.LWP != 0 && p.byLWP[t.LWP] != nil
	if p.dump == nil || again || p.fresh && len(p.dump.Threads) > 0 {
		if !p.begins() {
			p.thread = nil
			p.file.LeftOut++
			return
		}
	}
	p.threads++
	p.fresh, p.single, p.command = false, false, ""
	p.thread = &t
	p.dump.Threads = append(p.dump.Threads, &t)
	if t.LWP != 0 {
		p.byLWP[t.LWP] = &t
	}
}

// begins starts a dump; false where there are too many.
func (p *parser) begins() bool {
	if len(p.file.Dumps) == mostDumps {
		return false
	}
	p.close()
	p.dump = &Dump{
		Title: p.title, Host: p.host, Process: p.process, PID: p.pid, Line: p.file.Lines, Core: p.core, Signal: p.signal,
		Version: p.version,
	}
	p.byLWP = map[int64]*Thread{}
	p.file.Dumps = append(p.file.Dumps, p.dump)
	return true
}

// close ends a dump.
func (p *parser) close() {
	if p.dump != nil {
		p.dump.Listed = max(p.listed, len(p.dump.Threads))
	}
	p.listed = 0
}

func (p *parser) end() {
	if p.pending != "" && p.thread != nil && open(p.pending) {
		p.thread.Cut = true
		p.file.LastLine = p.lastText[:min(len(p.lastText), 80)]
	}
	p.flush()
	p.close()
	dumps := p.file.Dumps[:0]
	for _, d := range p.file.Dumps {
		threads := d.Threads[:0]
		for _, t := range d.Threads {
			if len(t.Frames) > 0 {
				threads = append(threads, t)
			}
		}
		if d.Threads = threads; len(threads) > 0 {
			dumps = append(dumps, d)
		}
	}
	p.file.Dumps = dumps
}
