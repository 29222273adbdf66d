package stacks

import (
	"slices"

	"github.com/lockproof/lockproof/libvirt/protocol"
)

// A process is the dumps of one process, in the order in which they stand.
type process struct {
	scenes []*scene
}

func (p *process) last() *scene { return p.scenes[len(p.scenes)-1] }

// processes sorts dumps by the process that they show: by host and number where the text has them,
// else by the numbers of their threads.
func processes(all []*scene) []*process {
	var out []*process
	for _, s := range all {
		i := slices.IndexFunc(out, func(p *process) bool { return sameProcess(p.last(), s) })
		if i < 0 {
			i = len(out)
			out = append(out, &process{})
		}
		out[i].scenes = append(out[i].scenes, s)
	}
	return out
}

func sameProcess(a, b *scene) bool {
	x, y := a.dump, b.dump
	if x.Host != "" && y.Host != "" && x.Host != y.Host || x.PID != 0 && y.PID != 0 && x.PID != y.PID {
		return false
	}
	common, others := 0, 0
	for _, t := range y.Threads {
		old := a.byLWP[t.LWP]
		switch {
		case old == nil || t.LWP == 0:
		// on another host numbers may be the same
		case old.thread.Handle != 0 && t.Handle != 0 && old.thread.Handle != t.Handle:
			others++
		default:
			common++
		}
	}
	return common > others && 2*common >= min(len(x.Threads), len(y.Threads))
}

// before is the same thread in the dump before the last; nil where there is none.
func (p *process) before(a *actor) *actor {
	if len(p.scenes) < 2 || a.thread.LWP == 0 {
		return nil
	}
	return p.scenes[len(p.scenes)-2].byLWP[a.thread.LWP]
}

// gotOn reports whether a thread that waits now was doing something else in the dump before.
func (p *process) gotOn(a *actor) bool {
	b := p.before(a)
	return b != nil && (b.Kind != a.Kind || b.API != a.API || !slices.Equal(functions(a), functions(b)))
}

// stayed reports whether a thread stood at the same place in the dump before.
func (p *process) stayed(a *actor) bool { return p.before(a) != nil && !p.gotOn(a) }

// functions are the functions of a stack, with the pointers that tell one request from another.
func functions(a *actor) []string {
	var out []string
	for i := range a.thread.Frames {
		f := &a.thread.Frames[i]
		out = append(out, f.Function+f.Arg("msg")+f.Arg("vm")+f.Arg("mon"))
	}
	return out
}

// waiting reports whether a thread waits for somebody, rather than for work.
func (a *actor) waiting() bool {
	switch a.Kind {
	case protocol.ForLock:
		return a.Waits.Class != protocol.Libc
	case protocol.ForJob, protocol.ForReply, protocol.ForAgent:
		return true
	case protocol.ForDaemon:
		return a.API != "" || a.Remote
	}
	return false
}
