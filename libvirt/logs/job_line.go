package logs

import (
	"bytes"

	"github.com/lockproof/lockproof/checker/diagnose/jobs"
)

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
