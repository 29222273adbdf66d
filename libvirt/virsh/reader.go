package virsh

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/plain"
)

// Reader reads sessions with virsh domjobinfo and the like.
type Reader struct{}

// Recognise knows them by the rows of domjobinfo, or by commands about jobs.
func (Reader) Recognise(head []byte) diagnose.Recognition {
	if diagnose.IsBinary(head) {
		return diagnose.Foreign
	}
	s := session{}
	n, sorts := 0, 0
	for line := range bytes.Lines(head) {
		n++
		s.line(n, plain.Line(string(line)))
	}
	for _, c := range s.commands {
		if c.fields["Job type"].value != "" || c.name == "domjobinfo" || c.name == "domjobabort" || c.name == "domcontrol" {
			sorts++
		}
	}
	switch {
	case sorts > 0 && s.signs > 0 && 4*rows(&s) >= n: // a session, and not a log in which somebody quotes one
		return diagnose.Certain
	case sorts > 0 && s.signs > 0:
		return diagnose.Fits
	}
	return diagnose.Foreign
}

// rows counts lines that belong to virsh.
func rows(s *session) int {
	n := 0
	for _, c := range s.commands {
		n += 1 + len(c.fields)
		if c.err != "" {
			n++
		}
	}
	return n
}

// Read reads the sessions of all inputs, one after the other.
func (Reader) Read(ctx context.Context, inputs []diagnose.Input) (*diagnose.Diagnosis, error) {
	d := &diagnose.Diagnosis{Format: diagnose.DomJobInfo, Cause: diagnose.CannotTell, Sure: diagnose.Possible}
	commands, lines := 0, 0
	for _, in := range inputs {
		s := session{}
		err := plain.Lines(ctx, in, func(n int, line string) bool {
			s.line(n, line)
			lines++
			return true
		})
		if err != nil {
			return nil, err
		}
		if s.signs == 0 {
			return nil, &diagnose.Unreadable{Name: in.Name, Read: int64(lines)}
		}
		commands += len(s.commands) + s.left
		j := judge{d: d, file: in.Name, jobs: map[string]*job{}}
		j.read(&s)
	}
	d.Counts = []diagnose.Count{{What: "commands", N: int64(commands)}, {What: "lines", N: int64(lines)}}
	d.Cannot(diagnose.NoThread, diagnose.NoTime)
	return d, nil
}

// operations are how libvirt's jobs are called, by the operation that domjobinfo prints.
var operations = map[string]string{
	"Start": "start", "Save": "save", "Restore": "start", "Incoming migration": "migration in",
	"Outgoing migration": "migration out",
	"Snapshot":           "snapshot", "Snapshot revert": "start", "Dump": "dump", "Backup": "backup",
	"Snapshot delete": "snapshot",
}

// A job is what is known of the job of a domain.
type job struct {
	async    string
	first    *command // that showed it
	last     *command
	seen     bool // by domjobinfo
	abort    *command
	refused  []*command
	api      string // that a refusal names
	agent    string
	gone     bool    // domjobinfo says that there is none
	occupied float64 // for how long the monitor is said to be occupied, in seconds
	control  *command
	silent   *command // that says that the guest agent does not respond
}

// judge makes a diagnosis of a session.
type judge struct {
	d     *diagnose.Diagnosis
	file  string
	jobs  map[string]*job
	order []string
}

func (j *judge) at(line int) []diagnose.Place { return []diagnose.Place{{File: j.file, Line: line}} }

func (j *judge) job(domain string) *job {
	if j.jobs[domain] == nil {
		j.jobs[domain] = &job{}
		j.order = append(j.order, domain)
	}
	return j.jobs[domain]
}

func (j *judge) read(s *session) {
	for _, c := range s.commands {
		if c.domain == "" && len(j.order) == 1 {
			c.domain = j.order[0]
		}
		x := j.job(c.domain)
		switch kind := c.fields["Job type"].value; {
		case kind == "None":
			x.gone, x.last = true, c
		case kind != "" && kind != "Completed" && kind != "Failed" && kind != "Cancelled":
			x.gone, x.seen, x.last = false, true, c
			if x.first == nil {
				x.first = c
			}
			if op := operations[c.fields["Operation"].value]; op != "" {
				x.async = op
			}
		}
		if m := control.FindStringSubmatch(strings.Join(c.others, "\n")); m != nil && c.name == "domcontrol" {
			if m[1] == "occupied" {
				x.occupied, _ = strconv.ParseFloat(m[2], 64)
				x.control = c
			}
		}
		switch {
		case lock.MatchString(c.err):
			if c.name == "domjobabort" {
				x.abort = c
			}
			x.refused = append(x.refused, c)
			x.gone = false // whatever domjobinfo said before
			if m := holders.FindStringSubmatch(c.err); m != nil {
				x.api, x.agent = first(m[1], m[3], x.api), first(m[2], x.agent)
			}
			if m := holder.FindStringSubmatch(c.err); m != nil {
				x.api = m[1]
			}
		case strings.Contains(strings.ToLower(c.err), "agent is not responding"),
			strings.Contains(strings.ToLower(c.err), "guest agent command timed out"):
			x.silent = c
		}
	}
	best := diagnose.CannotTell
	for _, domain := range j.order {
		if c := j.domain(domain, j.jobs[domain], s); weight(c) > weight(best) {
			best = c
		}
	}
	if weight(best) > weight(j.d.Cause) {
		j.d.Cause = best
	}
	if j.d.Cause == diagnose.CannotTell && len(j.d.Why) == 0 {
		j.d.Why = append(j.d.Why, diagnose.Claim{Text: "no job that runs, and nothing that was refused"})
	}
}

func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

func weight(c diagnose.Cause) int {
	for i, x := range []diagnose.Cause{
		diagnose.CannotTell, diagnose.LongJob, diagnose.QueueLimit, diagnose.HolderGone, diagnose.LeftoverAsync,
		diagnose.OtherHost, diagnose.MigrationIn, diagnose.AgentSilent, diagnose.QEMUSilent,
	} {
		if c == x {
			return i
		}
	}
	return 0
}

// seconds is a moment on the session's own clock, whose 0 is the first command.
func seconds(s float64) diagnose.Moment {
	return diagnose.Moment{Clock: diagnose.Seconds, Nanos: int64(s * float64(time.Second))}
}

// domain writes what is known of one domain, and returns the cause for it.
func (j *judge) domain(name string, x *job, s *session) diagnose.Cause {
	d := j.d
	if name == "" {
		d.Cannot(diagnose.NoDomain)
	} else if x.seen || len(x.refused) > 0 || x.control != nil || x.silent != nil {
		d.Domains = append(d.Domains, name)
	}
	async := x.async
	if async == "" {
		async = asyncOf(x.api)
	}
	held := 0
	if !x.gone && (async != "" || x.seen) {
		h := diagnose.Holder{Domain: name, Async: async, API: x.api, At: j.at(line(x, s))}
		if x.async == "" && async != "" {
			h.Inferred = []string{"async"}
		}
		if x.first != nil {
			if e, ok := x.first.elapsed(); ok && x.first == s.commands[0] {
				h.Since = seconds(-e)
			}
		}
		if !h.Since.Known() {
			d.Cannot(diagnose.NoSince)
		}
		if h.API == "" {
			d.Cannot(diagnose.NoAPI)
		}
		held = d.AddHolder(h)
		j.progress(name, x)
	} else if !x.gone && (x.api != "" || x.agent != "") {
		h := diagnose.Holder{Domain: name, API: first(x.api, x.agent), At: j.at(line(x, s))}
		d.Cannot(diagnose.NoSince)
		held = d.AddHolder(h)
	}
	if x.abort != nil && !x.gone && async != "" { // only a normal job keeps an abort out
		held = d.AddHolder(diagnose.Holder{
			Domain: name, Job: "async nested", Async: async, At: j.at(x.abort.errAt),
			Inferred: []string{"job"},
		})
		d.Cannot(diagnose.NoSince, diagnose.NoAPI)
	}
	for _, c := range x.refused {
		w := diagnose.Waiter{
			API: c.name, Domain: name, TimedOut: true, For: waitsFor(c, x, async), Behind: held,
			At: j.at(c.errAt),
		}
		if strings.Contains(c.err, "max_queued") {
			w.TimedOut, w.Refused = false, true
		}
		if held == 0 {
			d.Cannot(diagnose.NoHolder)
		}
		d.AddWaiter(w)
	}
	return j.cause(name, x, async)
}

func line(x *job, s *session) int {
	switch {
	case x.first != nil:
		return x.first.line
	case len(x.refused) > 0:
		return x.refused[0].errAt
	}
	return s.commands[0].line
}

// waitsFor is the job for which a refused command waited: an abort may run beside the async job,
// and waits for the normal one.
func waitsFor(c *command, x *job, async string) diagnose.For {
	switch {
	case c.name == "domjobabort":
		return diagnose.ForJob
	case x.agent != "" && x.api == "":
		return diagnose.ForAgent
	case async != "":
		return diagnose.ForAsync
	}
	return diagnose.ForJob
}

// asyncOf is the async job that a call begins; "" where it begins none, or may begin one or none.
func asyncOf(api string) string {
	switch {
	case strings.Contains(api, "MigratePerform"), strings.Contains(api, "MigrateBegin"),
		strings.Contains(api, "MigrateConfirm"):
		return "migration out"
	case strings.Contains(api, "MigratePrepare"), strings.Contains(api, "MigrateFinish"):
		return "migration in"
	case strings.Contains(api, "BackupBegin"):
		return "backup"
	case strings.Contains(api, "CoreDump"):
		return "dump"
	case strings.Contains(api, "DomainSave"), strings.Contains(api, "ManagedSave") && !strings.Contains(api, "Image") &&
		!strings.Contains(api, "Remove"):
		return "save"
	case strings.Contains(api, "SnapshotCreate"):
		return "snapshot"
	case strings.Contains(api, "DomainCreate"), strings.Contains(api, "DomainRestore"):
		return "start"
	}
	return ""
}

// progress says whether a job gets on, where the session tells.
func (j *judge) progress(name string, x *job) {
	d := j.d
	c := x.last
	if c == nil {
		d.Cannot(diagnose.NoProgress)
		return
	}
	pages, ok1 := c.count("Dirty rate")
	size, ok2 := c.bytes("Page size")
	if !ok2 {
		size, ok2 = c.count("Page size")
	}
	speed, ok3 := c.bytes("Memory bandwidth")
	if ok1 && ok2 && ok3 && pages*size > speed && speed > 0 {
		d.Why = append(d.Why, diagnose.Claim{
			Text: fmt.Sprintf("the migration of %s does not converge: %.0f MiB/s are dirtied, %.0f MiB/s are sent",
				name, pages*size/(1<<20), speed/(1<<20)),
			At: j.at(c.fields["Dirty rate"].line),
		})
		d.Next = append(d.Next, "let it come to an end: `virsh migrate-postcopy`, `virsh migrate-setmaxdowntime`, "+
			"auto-converge, or more bandwidth (`virsh migrate-setspeed`)")
	}
	if x.first == x.last {
		d.Cannot(diagnose.NoProgress)
		return
	}
	a, ok1 := x.first.processed()
	b, ok2 := c.processed()
	e1, ok3 := x.first.elapsed()
	e2, ok4 := c.elapsed()
	if ok1 && ok2 && ok3 && ok4 && e2 > e1 {
		if a == b {
			d.Why = append(d.Why, diagnose.Claim{
				Text: fmt.Sprintf("the job of %s has processed nothing in %.0f s", name, e2-e1),
				At:   j.at(c.line),
			})
		} else {
			d.Why = append(d.Why, diagnose.Claim{Text: fmt.Sprintf("the job of %s has processed %.0f MiB in %.0f s: it runs",
				name, (b-a)/(1<<20), e2-e1), At: j.at(c.line)})
		}
	}
}

// cause decides for one domain.
func (j *judge) cause(name string, x *job, async string) diagnose.Cause {
	d := j.d
	switch {
	case x.gone && len(x.refused) > 0 && x.last.line > x.refused[len(x.refused)-1].line:
		d.Why = append(d.Why, diagnose.Claim{
			Text: "a command was refused, and afterwards there was no job any more",
			At:   j.at(x.last.line),
		})
		return diagnose.HolderGone
	case x.abort != nil:
		d.Fault, d.Sure = true, diagnose.Likely
		d.Why = append(d.Why, diagnose.Claim{
			Text: fmt.Sprintf("the job of %s cannot even be aborted: only a normal job inside of it keeps an abort out, and "+
				"such a job only asks QEMU", name), Inferred: true, At: j.at(x.abort.errAt),
		})
		d.Next = append(d.Next, "look at QEMU: its state in /proc/PID/status (D: storage; T: stopped), and at the "+
			"daemon's stacks: gdb -p $(pidof libvirtd) -batch -ex 'thread apply all bt'")
		d.Cannot(diagnose.NoQEMUHealth, diagnose.NoWhy)
		return diagnose.QEMUSilent
	case x.occupied >= 30:
		d.Fault, d.Sure = true, diagnose.Stated
		d.Why = append(d.Why, diagnose.Claim{Text: fmt.Sprintf("a command has occupied the monitor of %s for %.0f s", name,
			x.occupied), At: j.at(x.control.line)})
		d.Next = append(d.Next, "look at QEMU: its state in /proc/PID/status (D: storage; T: stopped)")
		d.Cannot(diagnose.NoQEMUHealth, diagnose.NoWhy)
		return diagnose.QEMUSilent
	case x.silent != nil:
		d.Fault, d.Sure = true, diagnose.Stated
		d.Why = append(d.Why, diagnose.Claim{
			Text: "virsh says that the guest agent does not respond",
			At:   j.at(x.silent.errAt),
		})
		d.Cannot(diagnose.NoWhy)
		return diagnose.AgentSilent
	case x.agent != "" && x.api == "" && len(x.refused) > 0:
		d.Fault, d.Sure = true, diagnose.Possible
		d.Why = append(d.Why,
			diagnose.Claim{
				Text: fmt.Sprintf("the agent job of %s was held for as long as the command waited", name),
				At:   j.at(x.refused[0].errAt),
			})
		d.Cannot(diagnose.NoWhy)
		return diagnose.AgentSilent
	case x.gone || !x.seen && len(x.refused) == 0:
		return diagnose.CannotTell
	}
	d.Sure = diagnose.Likely
	say := func(text string) {
		d.Why = append(d.Why, diagnose.Claim{Text: fmt.Sprintf(text, name), Inferred: true, At: j.at(firstLine(x))})
	}
	d.Cannot(diagnose.NoProgress)
	switch {
	case async == "migration in":
		say("%s is still arriving from another host; until it has, other jobs are refused")
		return diagnose.MigrationIn
	case len(x.refused) == 0:
		say("%s has a job that runs, and nobody was seen to wait behind it")
		return diagnose.LongJob
	case async == "migration out":
		say("%s is being migrated away; what that waits for is to be seen on the other host")
		d.Next = append(d.Next, "look at the other host's log and stacks, too")
		d.Cannot(diagnose.NoQEMUHealth)
		return diagnose.OtherHost
	case async == "backup":
		say("a backup of %s outlives its API call until it ends or is aborted")
		d.Next = append(d.Next, "`virsh domjobabort` ends a backup that a client has left behind")
		return diagnose.LeftoverAsync
	case async != "":
		say("the job of %s takes its time in one piece")
		d.Cannot(diagnose.NoWhy)
		return diagnose.LongJob
	}
	if strings.Contains(x.refused[0].err, "max_queued") {
		say("too many calls wait for a job of %s: the next ones are refused at once")
		d.Cannot(diagnose.NoQueueLength)
		return diagnose.QueueLimit
	}
	d.Sure = diagnose.Possible
	say("a job of %s was held when the command gave up, and which one does not say why")
	d.Cannot(diagnose.NoQEMUHealth)
	d.Next = append(d.Next, "the daemon's log of these 30 s, or its stacks: gdb -p $(pidof libvirtd) -batch -ex "+
		"'thread apply all bt'")
	return diagnose.CannotTell
}

func firstLine(x *job) int {
	if x.last != nil {
		return x.last.line
	}
	if len(x.refused) > 0 {
		return x.refused[0].errAt
	}
	return 0
}
