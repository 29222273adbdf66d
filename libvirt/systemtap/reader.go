// Package systemtap reads what the example scripts of libvirt's sources print under SystemTap:
// qemu-monitor.stp, all that libvirtd and QEMU say to each other, and lock-debug.stp, the stacks of
// threads that were locking a mutex when the script ended.
//
// What lock-debug.stp concludes is not taken over: the thread of which it says that it has locked a
// mutex is one that waits for it as well. Only its stacks count.
package systemtap

import (
	"bytes"
	"context"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/lazy"
	"github.com/lockproof/lockproof/libvirt/plain"
)

// Reader reads the output of both scripts.
type Reader struct{}

var (
	traffic = lazy.New(`^\s*(\d{1,9})\.(\d{3}) ([<>!]) (0x[0-9a-fA-F]+) ?(.*)$`)
	begins  = lazy.New(`^\s*\d{1,9}\.\d{3} begin\s*$`)
	locking = lazy.New(
		`^(?:Lock \S+ was locked in thread \d+ with this trace:|and is waiting to be locked by thread \d+ here:|The following locks cannot be acquired:|No deadlocks found, sorry\.|Started, press \^C when the process hangs|Warning: lock released on different thread that locked it\.)`)
)

// Recognise knows both by their lines.
func (Reader) Recognise(head []byte) diagnose.Recognition {
	if diagnose.IsBinary(head) {
		return diagnose.Foreign
	}
	rows := 0
	for text := range bytes.Lines(head) {
		line := plain.Line(string(text))
		if begins.MatchString(line) || locking.MatchString(line) {
			return diagnose.Certain
		}
		if traffic.MatchString(line) {
			rows++
		}
	}
	if rows >= 2 {
		return diagnose.Certain
	}
	if rows == 1 {
		return diagnose.Fits
	}
	return diagnose.Foreign
}

// Read reads all inputs, one after the other.
func (Reader) Read(ctx context.Context, inputs []diagnose.Input) (*diagnose.Diagnosis, error) {
	var best *diagnose.Diagnosis
	var lines int64
	for _, in := range inputs {
		m, l := &monitors{file: in.Name, all: map[string]*monitor{}}, &locks{file: in.Name}
		err := plain.Lines(ctx, in, func(n int, line string) bool {
			lines++
			if !m.line(n, line) {
				l.line(n, line)
			}
			return true
		})
		if err != nil {
			return nil, err
		}
		var d *diagnose.Diagnosis
		switch {
		case m.seen > 0:
			d = m.diagnosis()
		case l.seen > 0:
			d = l.diagnosis()
		default:
			return nil, &diagnose.Unreadable{Name: in.Name, Read: lines}
		}
		if best == nil || d.Fault && !best.Fault {
			best, d = d, best
		}
		if d != nil { // of several scripts that ran side by side the faulty one gives the answer
			best.Notes = append(best.Notes, d.Why...)
		}
	}
	best.Format = diagnose.SystemTap
	best.Counts = append(best.Counts, diagnose.Count{What: "lines", N: lines})
	return best, nil
}
