package systemtap

import (
	"fmt"
	"sort"
	"strconv"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/lazy"
	"github.com/lockproof/lockproof/model"
)

// silence is from when on a QEMU that does not answer is called silent.
const silence = 30 * time.Second

// Limits of what is kept.
const (
	mostMonitors = 10_000
	mostOpen     = 16 // commands of one monitor
)

// monitors follows all that is said on all monitors.
type monitors struct {
	file    string
	all     map[string]*monitor
	names   []string
	seen    int64
	sent    int64
	events  int64
	now     time.Duration
	last    int // the last line with a stamp
	slowest sent
	two     []sent // two commands that were open on one monitor at once
	twoOf   string
	left    int
}

type monitor struct {
	open []sent
	down bool // the guest has shut down
}

// A sent is a command.
type sent struct {
	id, command string
	at          time.Duration
	took        time.Duration
	line        int
	monitor     string
}

var (
	execute = lazy.New(`"(?:execute|exec-oob)"\s*:\s*"([^"]{1,64})"`)
	oob     = lazy.New(`"exec-oob"\s*:`)
	idOf    = lazy.New(`"id"\s*:\s*"([^"]{1,64})"`)
	eventOf = lazy.New(`"event"\s*:\s*"([^"]{1,64})"`)
)

// line takes a line; false where it is none of the script.
func (m *monitors) line(n int, text string) bool {
	if begins.MatchString(text) {
		m.seen++
		m.now, m.last = 0, n
		for _, x := range m.all { // the script was started again: what was open then was not seen to end
			x.open = nil
		}
		return true
	}
	f := traffic.FindStringSubmatch(text)
	if f == nil {
		return false
	}
	m.seen++
	seconds, _ := strconv.ParseInt(f[1], 10, 64)
	millis, _ := strconv.ParseInt(f[2], 10, 64)
	m.now, m.last = time.Duration(seconds)*time.Second+time.Duration(millis)*time.Millisecond, n
	x := m.all[f[4]]
	if x == nil {
		if len(m.all) == mostMonitors {
			m.left++
			return true
		}
		x = &monitor{}
		m.all[f[4]] = x
		m.names = append(m.names, f[4])
	}
	switch f[3] {
	case ">":
		m.send(n, f[4], x, f[5])
	case "<":
		m.reply(x, f[5])
	case "!":
		m.events++
		if e := eventOf.FindStringSubmatch(f[5]); e != nil && e[1] == "SHUTDOWN" {
			x.down = true
		}
	}
	return true
}

func (m *monitors) send(n int, name string, x *monitor, text string) {
	m.sent++
	s := sent{at: m.now, line: n, monitor: name}
	if e := execute.FindStringSubmatch(text); e != nil {
		s.command = e[1]
	} else {
		s.command = text[:min(len(text), 40)] // of the monitor before there was JSON
	}
	if e := idOf.FindStringSubmatch(text); e != nil {
		s.id = e[1]
	}
	if s.command == "qmp_capabilities" { // a new QEMU, whose monitor lies where an old one did
		x.open, x.down = nil, false
	}
	if len(x.open) > 0 && m.two == nil && !oob.MatchString(text) && s.id != x.open[len(x.open)-1].id {
		m.two, m.twoOf = []sent{x.open[len(x.open)-1], s}, name
	}
	if len(x.open) == mostOpen {
		x.open = x.open[1:]
	}
	x.open = append(x.open, s)
}

// reply closes the command with its id; where the id is not to be seen, the oldest one, for a
// monitor has one at a time.
func (m *monitors) reply(x *monitor, text string) {
	id := ""
	if e := idOf.FindAllStringSubmatch(text, -1); e != nil {
		id = e[len(e)-1][1]
	}
	for i := range x.open {
		if id == "" || x.open[i].id == "" || x.open[i].id == id {
			s := x.open[i]
			if s.took = m.now - s.at; s.took > m.slowest.took {
				m.slowest = s
			}
			x.open = append(x.open[:i:i], x.open[i+1:]...)
			return
		}
	}
}

func (m *monitors) place(line int) []diagnose.Place {
	return []diagnose.Place{{File: m.file, Line: line}}
}

func (m *monitors) diagnosis() *diagnose.Diagnosis {
	d := &diagnose.Diagnosis{Cause: diagnose.CannotTell, Sure: diagnose.Possible}
	d.Counts = []diagnose.Count{
		{What: "monitors", N: int64(len(m.names))},
		{What: "commands", N: m.sent},
		{What: "events", N: m.events},
	}
	d.Cannot(diagnose.NoTime)
	var open []sent
	for _, name := range m.names {
		for _, s := range m.all[name].open {
			if !m.all[name].down {
				open = append(open, s)
			}
		}
	}
	sort.SliceStable(open, func(i, j int) bool { return open[i].at < open[j].at })
	for _, s := range open {
		d.AddWaiter(diagnose.Waiter{
			Since: diagnose.Moment{Clock: diagnose.Seconds, Nanos: int64(s.at)},
			For:   diagnose.ForQEMU, At: m.place(s.line),
		})
	}
	if len(open) > 0 {
		d.Cannot(diagnose.NoDomain, diagnose.NoWaiterThread, diagnose.NoWaiterAPI, diagnose.NoHolder,
			diagnose.NoThread, diagnose.NoAPI)
	}
	switch {
	case m.two != nil:
		d.Cause, d.Sure, d.Fault = diagnose.NoNestedJob, diagnose.Likely, true
		text := fmt.Sprintf("on monitor %s the command %s (%s) was sent while %s (%s) was not answered: two threads "+
			"were in it", m.twoOf, m.two[1].command, m.two[1].id, m.two[0].command, m.two[0].id)
		d.Why = append(d.Why, diagnose.Claim{Text: text, At: append(m.place(m.two[0].line), m.place(m.two[1].line)...)})
		d.AddFinding(diagnose.Finding{Rule: model.AsyncNesting, Message: text, At: m.place(m.two[1].line)[0]})
		d.Cannot(diagnose.NoDomain, diagnose.NoWaiterThread, diagnose.NoWaiterAPI)
		d.Next = append(d.Next, "the daemon's debug log of that time, with the filters of `lockproof history --setup`: "+
			"who was in the monitor without a job")
	case len(open) > 0 && m.now-open[0].at >= silence:
		d.Cause, d.Sure, d.Fault = diagnose.QEMUSilent, diagnose.Stated, true
		for _, s := range open {
			if m.now-s.at >= silence {
				d.Why = append(d.Why,
					diagnose.Claim{Text: fmt.Sprintf("on monitor %s the command %s (%s) has no answer for %.1f s, until the end",
						s.monitor, s.command, s.id, (m.now - s.at).Seconds()), At: append(m.place(s.line), m.place(m.last)...)})
			}
		}
		d.Cannot(diagnose.NoQEMUHealth, diagnose.NoWhy)
		d.Next = append(d.Next,
			"look at QEMU: its state in /proc/PID/status (D: storage; T: stopped), and its own stacks with gdb")
	case m.slowest.took >= silence:
		d.Cause, d.Sure, d.Fault = diagnose.QEMUSilent, diagnose.Stated, true
		d.Why = append(d.Why,
			diagnose.Claim{Text: fmt.Sprintf("on monitor %s the command %s (%s) had its answer after %.1f s", m.slowest.monitor,
				m.slowest.command, m.slowest.id, m.slowest.took.Seconds()), At: m.place(m.slowest.line)})
		d.Cannot(diagnose.NoDomain, diagnose.NoQEMUHealth, diagnose.NoWhy)
	case len(open) > 0:
		d.Cause, d.Sure = diagnose.CutOff, diagnose.Likely
		d.Why = append(d.Why,
			diagnose.Claim{Text: fmt.Sprintf("%d commands are not answered at the end, for less than %.0f s", len(open),
				silence.Seconds()), At: m.place(m.last)})
		d.Cannot(diagnose.NoQEMUHealth)
	default:
		d.Why = append(d.Why, diagnose.Claim{Text: "every command was answered", At: m.place(m.last)})
	}
	if m.slowest.took > 0 && m.slowest.took < silence {
		d.Notes = append(d.Notes, diagnose.Claim{Text: fmt.Sprintf("the slowest answer took %.3f s: %s on monitor %s",
			m.slowest.took.Seconds(), m.slowest.command, m.slowest.monitor), At: m.place(m.slowest.line)})
	}
	if m.left > 0 {
		d.Counts = append(d.Counts, diagnose.Count{What: "lines of monitors beyond what is kept", N: int64(m.left)})
	}
	return d
}
