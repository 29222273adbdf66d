package logs

import (
	"bytes"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose/jobs"
)

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
