package logs

import (
	"bytes"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose/jobs"
)

// message reads what a message of the daemon says into the event, and reports whether it is
// anything that matters. function is "" where the wrapper has none, level 0.
func (s *scanner) message(msg, function []byte, level byte, e *jobs.Event) bool {
	if len(msg) < 8 {
		return s.other(msg, function, level, e)
	}
	switch msg[0] {
	case 'S':
		switch {
		case string(msg[:5]) == "Start":
			if rest, ok := cut(msg, "Starting "); ok {
				return s.starting(rest, e)
			}
			if rest, ok := cut(msg, "Started "); ok {
				return s.slot(rest, e, jobs.Grant, jobs.GrantAsync, jobs.GrantAgent)
			}
		case string(msg[:4]) == "Stop":
			if rest, ok := cut(msg, "Stopping "); ok {
				return s.slot(rest, e, jobs.End, jobs.EndAsync, jobs.EndAgent)
			}
		case string(msg[:4]) == "Supp":
			if has(msg, " messages from ") {
				s.gap()
			}
		}
	case 'W':
		if rest, ok := cut(msg, "Waiting for job ("); ok {
			return s.object(rest, e, jobs.WaitJob)
		}
		if rest, ok := cut(msg, "Waiting for async job ("); ok {
			return s.object(rest, e, jobs.WaitAsync)
		}
	case 'E':
		if rest, ok := cut(msg, "Entering monitor ("); ok {
			return s.object(rest, e, jobs.Enter)
		}
		if rest, ok := cut(msg, "Exited monitor ("); ok {
			return s.object(rest, e, jobs.Exit)
		}
		if rest, ok := cut(msg, "Entering agent ("); ok {
			return s.object(rest, e, jobs.EnterAgent)
		}
		if rest, ok := cut(msg, "Exited agent ("); ok {
			return s.object(rest, e, jobs.ExitAgent)
		}
		if _, ok := cut(msg, "Entering a monitor without owning a job"); ok {
			e.Kind = jobs.WithoutJob
			return true
		}
	case 'T':
		switch {
		case string(msg[:7]) == "Thread ":
			return s.call(msg[7:], e)
		case bytes.HasPrefix(msg, []byte("This thread seems to be the async job owner")):
			e.Kind = jobs.NotNested
			return true
		}
	case 'C':
		if rest, ok := cut(msg, "Cannot start job ("); ok {
			e.NoQEMU = bytes.HasPrefix(function, []byte("libxl")) || bytes.HasPrefix(function, []byte("virLXC"))
			return s.cannot(rest, e)
		}
		if bytes.HasPrefix(msg, []byte("Caught ")) && has(msg, "dumping internal log") {
			e.Kind = jobs.Crashed
			return true
		}
	case 'R':
		if rest, ok := cut(msg, "Received EOF on "); ok {
			e.Kind = jobs.EOF
			e.VM, _, ok = pointer(rest)
			return ok
		}
		if rest, ok := cut(msg, "Requesting abort of async job"); ok {
			e.Kind = jobs.AbortAsync
			if rest, ok = cut(rest, ": "); ok {
				kind, tail, _ := before(rest, " (")
				e.Async = s.name(kind)
				s.attributes(tail, e)
			}
			return true
		}
		if rest, ok := cut(msg, "Releasing ownership of '"); ok {
			kind, tail, _ := before(rest, "'")
			e.Kind, e.Async = jobs.Release, s.name(kind)
			return bytes.HasPrefix(tail, []byte(" async job"))
		}
	case 'Q':
		return s.qmp(msg, e)
	case 'O':
		if rest, ok := cut(msg, "OBJECT_"); ok {
			return s.reference(rest, e)
		}
	case 'A':
		if rest, ok := cut(msg, "About to run "); ok && has(rest, "/hooks/") {
			e.Kind, e.Text = jobs.Hook, text(rest)
			return true
		}
	case 'N':
		if bytes.HasPrefix(msg, []byte("No response from client ")) {
			e.Kind = jobs.KeepAlive
			return true
		}
	case 'l':
		if bytes.HasPrefix(msg, []byte("libvirt version: ")) {
			e.Kind = jobs.Start
			return true
		}
	}
	return s.other(msg, function, level, e)
}

// other reads what is told by its function or its level.
func (s *scanner) other(msg, function []byte, level byte, e *jobs.Event) bool {
	switch level {
	case 'd':
		if len(function) > 9 && string(function[:9]) == "virDomain" && has(msg, "(VM: name=") && !bytes.HasPrefix(function, []byte("virDomainFree")) {
			e.Kind, e.API = jobs.CallNamed, s.name(function)
			return true
		}
		return false
	case 'i':
		return false
	case 'w':
		if string(function) == "virObjectGetLockableObj" {
			e.Kind = jobs.NullObject
			return true
		}
		return false
	}
	begin := bytes.Contains(function, []byte("BeginJob")) || bytes.Contains(function, []byte("BeginNestedJob")) || bytes.Contains(function, []byte("BeginAsyncJob"))
	told := has(msg, lockText)
	if begin && level == 'e' || told && (len(function) == 0 || begin) {
		return s.gaveUp(msg, e)
	}
	if told { // the daemon is the client of another one, or this is the log of a client
		e.Kind = jobs.ClientError
		e.HeldBy, e.HeldByAgent = s.heldBy(msg)
		e.Full = has(msg, fullText)
		return true
	}
	if level != 'e' {
		return false
	}
	if has(msg, "Unexpected JSON reply '") {
		_, reply, _ := before(msg, "Unexpected JSON reply '")
		e.Kind, e.Text = jobs.Unexpected, s.identity(reply)
		return true
	}
	if has(msg, "closed due to keepalive") {
		e.Kind = jobs.KeepAlive
		return true
	}
	e.Kind, e.Text = jobs.Failed, text(msg)
	return e.Thread != 0
}

// What the error says, and what of it stays in every language.
const (
	lockText = "cannot acquire state change lock"
	fullText = "max_queued"
)

// gaveUp reads the error of somebody who does not get a job. Only names in it are sure: the rest is
// translated.
func (s *scanner) gaveUp(msg []byte, e *jobs.Event) bool {
	e.Kind = jobs.TimedOut
	if has(msg, fullText) {
		e.Kind = jobs.QueueFull
		return true
	}
	if has(msg, "cannot acquire job mutex") {
		e.Kind, e.Text = jobs.Failed, text(msg)
		return true
	}
	e.HeldBy, e.HeldByAgent = s.heldBy(msg)
	return true
}

// heldBy reads which calls an error names: (held by X), (held by monitor=X), (held by monitor=X
// agent=Y), (held by agent=Y), in any language.
func (s *scanner) heldBy(msg []byte) (by, byAgent string) {
	i := bytes.Index(msg, []byte("monitor="))
	j := bytes.Index(msg, []byte("agent="))
	if i >= 0 {
		by = s.name(word(msg[i+len("monitor="):]))
	}
	if j >= 0 {
		byAgent = s.name(word(msg[j+len("agent="):]))
	}
	if by != "" || byAgent != "" {
		return by, byAgent
	}
	if i = bytes.Index(msg, []byte("(held by ")); i >= 0 {
		return s.name(word(msg[i+len("(held by "):])), ""
	}
	for _, call := range []string{"remoteDispatch", "qemuDispatch"} {
		if i = bytes.Index(msg, []byte(call)); i >= 0 {
			return s.name(word(msg[i:])), ""
		}
	}
	return "", ""
}

// word is a name of a call, from its beginning.
func word(b []byte) []byte {
	for i, c := range b {
		if c == ' ' || c == ')' || c == ',' || c == '"' || c == '\'' || c == '\\' || c < ' ' {
			return b[:i]
		}
	}
	return b
}

// starting reads what is asked for, or before 1.1.4 what is had.
func (s *scanner) starting(b []byte, e *jobs.Event) bool {
	kind := jobs.Grant
	switch {
	case bytes.HasPrefix(b, []byte("job: ")):
		b = b[5:]
	case bytes.HasPrefix(b, []byte("async job: ")):
		b, kind = b[11:], jobs.GrantAsync
	case bytes.HasPrefix(b, []byte("agent job: ")):
		b, kind = b[11:], jobs.GrantAgent
	default:
		return false
	}
	what, attributes, ok := before(b, " (")
	switch {
	case bytes.HasPrefix(what, []byte("API=")), bytes.HasPrefix(what, []byte("job=")):
		if !ok || !s.asked(what, e) {
			return false
		}
	case kind == jobs.GrantAsync:
		e.Async = s.name(what)
	case kind == jobs.GrantAgent:
		e.Agent = s.name(what)
	default:
		e.Job = s.name(what)
	}
	if ok && has(attributes, "vm=") {
		kind = jobs.Ask
	}
	if e.Kind = kind; !ok {
		return kind == jobs.GrantAsync && len(what) > 2
	}
	around := e.Async
	if !s.attributes(attributes, e) {
		return false
	}
	if kind == jobs.Ask { // async= is what the domain had, where it is printed
		e.Async = around
	}
	return true
}

// asked reads API=X job=J agentJob=G asyncJob=A; a value may have blanks.
func (s *scanner) asked(b []byte, e *jobs.Event) bool {
	if rest, ok := cut(b, "API="); ok {
		api, tail, ok := before(rest, " job=")
		if !ok {
			return false
		}
		e.API, b = s.api(api), tail
	} else {
		b = b[len("job="):]
	}
	if job, tail, ok := before(b, " agentJob="); ok {
		agent, async, ok := before(tail, " asyncJob=")
		e.Job, e.Agent, e.Async = s.name(job), s.name(agent), s.name(async)
		return ok
	}
	job, async, ok := before(b, " asyncJob=")
	e.Job, e.Async = s.name(job), s.name(async)
	return ok
}

// slot reads which of the three jobs is had or ended.
func (s *scanner) slot(b []byte, e *jobs.Event, job, async, agent jobs.Kind) bool {
	switch {
	case bytes.HasPrefix(b, []byte("job: ")):
		b, e.Kind = b[5:], job
	case bytes.HasPrefix(b, []byte("async job: ")):
		b, e.Kind = b[11:], async
	case bytes.HasPrefix(b, []byte("agent job: ")):
		b, e.Kind = b[11:], agent
	default:
		return false
	}
	what, attributes, ok := before(b, " (")
	kind := s.name(what)
	if ok && !s.attributes(attributes, e) {
		return false
	}
	switch e.Kind {
	case async:
		e.Async = kind
		return ok || len(what) > 2
	case agent:
		e.Agent = kind
	default:
		e.Job = kind
	}
	return ok
}

// object reads the parenthesis of a line that has nothing else.
func (s *scanner) object(b []byte, e *jobs.Event, kind jobs.Kind) bool {
	e.Kind = kind
	return s.attributes(b, e)
}

// attributes reads what stands in the parenthesis at the end of a line: async=A vm=P name=N, mon=P,
// agent=P, and what the domain has. It must be closed.
func (s *scanner) attributes(b []byte, e *jobs.Event) bool {
	n := len(b)
	if n == 0 || b[n-1] != ')' {
		return false
	}
	b = b[:n-1]
	for len(b) > 0 {
		key, rest, ok := before(b, "=")
		if !ok {
			return true
		}
		switch string(key) {
		case "mon", "agent":
			p, after, ok := pointer(rest)
			if !ok {
				return false
			}
			e.Mon, e.HasMon = p, true
			b = trimBlanks(after)
		case "vm":
			p, after, ok := pointer(rest)
			if !ok {
				return false
			}
			e.VM = p
			b = trimBlanks(after)
		case "name":
			return s.named(rest, e)
		case "async":
			i := bytes.Index(rest, []byte(" vm="))
			if i < 0 {
				e.Async = s.name(rest)
				return true
			}
			e.Async, b = s.name(rest[:i]), rest[i+1:]
		default:
			return true
		}
	}
	return true
}

// named reads the name of a domain, and what may follow it.
func (s *scanner) named(b []byte, e *jobs.Event) bool {
	if name, tail, ok := before(b, ", current job="); ok {
		e.Domain = s.name(name)
		return s.current(tail, e)
	}
	if e.Kind == jobs.GrantAgent || e.Kind == jobs.EndAgent { // name=N job=J async=A
		b, _, _ = before(b, " job=")
	}
	e.Domain = s.name(b)
	return true
}

// current reads J agentJob=G async=A, or J async=A.
func (s *scanner) current(b []byte, e *jobs.Event) bool {
	e.HasNow = true
	if job, tail, ok := before(b, " agentJob="); ok {
		agent, async, _ := before(tail, " async=")
		e.NowJob, e.NowAgent, e.NowAsync = s.name(job), s.name(agent), s.name(async)
		return true
	}
	job, async, ok := before(b, " async=")
	e.NowJob, e.NowAsync = s.name(job), s.name(async)
	return ok
}

// call reads which API call a thread begins or has ended.
func (s *scanner) call(b []byte, e *jobs.Event) bool {
	id, b, ok := number(b)
	if !ok {
		return false
	}
	if _, tail, found := before(b, " is now running job "); found {
		e.Kind, e.API = jobs.CallBegins, s.api(tail)
	} else if _, tail, found := before(b, " finished job "); found {
		name, _, ended := before(tail, " with ret=")
		if !ended {
			return false
		}
		e.Kind, e.API = jobs.CallEnds, s.api(name)
	} else {
		return false
	}
	if e.Thread == 0 {
		e.Thread = id
	}
	return true
}

// cannot reads the warning about who has what, from behind its first parenthesis. It may be cut off
// behind the jobs.
func (s *scanner) cannot(b []byte, e *jobs.Event) bool {
	e.Kind = jobs.Refused
	want, b, ok := before(b, ")")
	if !ok {
		return false
	}
	if rest, in := cut(b, " in API "); in {
		api, tail, ok := before(rest, " for domain ")
		if !ok {
			return false
		}
		e.API, b = s.api(api), tail
	} else if b, ok = cut(b, " for domain "); !ok {
		return false
	}
	name, b, ok := before(b, "; current job is (")
	if !ok {
		return false
	}
	e.Domain = s.name(name)
	now, b, ok := before(b, ")")
	if !ok {
		return false
	}
	e.HasNow = true
	e.Job, e.Agent, e.Async, _ = s.triple(want)
	e.NowJob, e.NowAgent, e.NowAsync, ok = s.triple(now)
	for i := range e.Owners {
		e.Owners[i] = jobs.Owner{For: -1}
	}
	if b, found := cut(b, " owned by ("); found && ok {
		s.owners(b, bytes.Count(now, comma)+1, e)
	}
	return ok
}

var comma = []byte(", ")

// triple reads (job), (job, async) or (job, agent, async).
func (s *scanner) triple(b []byte) (job, agent, async string, ok bool) {
	parts := bytes.SplitN(b, comma, 4)
	switch len(parts) {
	case 1:
		return s.name(parts[0]), "", "", true
	case 2:
		return s.name(parts[0]), "", s.name(parts[1]), true
	case 3:
		return s.name(parts[0]), s.name(parts[1]), s.name(parts[2]), true
	}
	return "", "", "", false
}

// place is where the i-th of n stands in a triple of job, agent job, async job.
func place(i, n int) int {
	if n == 2 && i == 1 {
		return 2
	}
	return i
}

// owners reads T API, T API, T API (flags=F)) for (Ns, Ns, Ns), or numbers of threads alone.
func (s *scanner) owners(b []byte, n int, e *jobs.Event) {
	names, times, timed := before(b, ") for (")
	if !timed {
		i := bytes.LastIndexByte(names, ')')
		if i < 0 {
			return
		}
		names = names[:i]
	}
	e.Printed = true
	for i, part := range bytes.SplitN(names, comma, 4) {
		if i >= n || i > 2 {
			break
		}
		o := &e.Owners[place(i, n)]
		id, rest, ok := number(part)
		if !ok {
			break
		}
		o.Thread = id
		rest, _, _ = before(trimBlanks(rest), " (flags=")
		if len(rest) > 0 {
			e.HasAPIs = true
		}
		if string(rest) != "<null>" {
			o.API = s.api(rest)
		}
	}
	for i, part := range bytes.SplitN(times, comma, 4) {
		if i >= n || i > 2 {
			break
		}
		if sec, rest, ok := number(part); ok && len(rest) > 0 && rest[0] == 's' {
			e.Owners[place(i, n)].For = time.Duration(min(sec, 1<<32)) * time.Second
		}
	}
}

// qmp reads a command to a monitor, or its answer.
func (s *scanner) qmp(msg []byte, e *jobs.Event) bool {
	rest, sent := cut(msg, "QEMU_MONITOR_SEND_MSG: mon=")
	if !sent {
		var ok bool
		if rest, ok = cut(msg, "QEMU_MONITOR_RECV_REPLY: mon="); !ok {
			return false
		}
	}
	p, body, ok := pointer(rest)
	if !ok {
		return false
	}
	e.Mon, e.HasMon = p, true
	e.Kind = jobs.Replied
	if sent {
		e.Kind = jobs.Sent
	}
	e.Text = s.identity(body)
	return e.Text != ""
}

// reference reads a line about the references to an object.
func (s *scanner) reference(b []byte, e *jobs.Event) bool {
	what, rest, ok := before(b, ": obj=")
	if !ok {
		return false
	}
	switch string(what) {
	case "NEW":
		e.Kind = jobs.Born
	case "REF":
		e.Kind = jobs.Referenced
	case "UNREF":
		e.Kind = jobs.Dropped
	case "DISPOSE":
		e.Kind = jobs.Freed
	default:
		return false
	}
	e.Mon, rest, ok = pointer(rest)
	if class, named := cut(rest, " classname="); named {
		e.Text = s.name(class)
	}
	return ok && e.Mon != 0
}

// identity is the id of a command or an answer: libvirt-61.
func (s *scanner) identity(b []byte) string {
	i := bytes.LastIndex(b, []byte(`libvirt-`))
	if i < 0 {
		return ""
	}
	j := i + len("libvirt-")
	for j < len(b) && '0' <= b[j] && b[j] <= '9' && j < i+32 {
		j++
	}
	return string(b[i:j])
}

// text is a message as it is shown: it has an end.
func text(b []byte) string {
	const most = 160
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		b = b[:i]
	}
	if len(b) > most {
		return string(b[:most]) + "..."
	}
	return string(b)
}

// mostNames bounds the names that are kept once; others are made anew each time.
const mostNames = 1 << 16

// name is a text that is kept once.
func (s *scanner) name(b []byte) string {
	if n, ok := s.names[string(b)]; ok {
		return n
	}
	if len(b) > 256 {
		b = b[:256]
	}
	n := string(b)
	if len(s.names) < mostNames {
		s.names[n] = n
	}
	return n
}

// api is the name of a call; "" where there is none.
func (s *scanner) api(b []byte) string {
	if len(b) == 0 || string(b) == "<null>" || string(b) == "(null)" {
		return ""
	}
	return s.name(b)
}
