package logs

import (
	"bytes"

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
		if len(function) > 9 && string(function[:9]) == "virDomain" && has(msg, "(VM: name=") &&
			!bytes.HasPrefix(function, []byte("virDomainFree")) {
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
	begin := bytes.Contains(function, []byte("BeginJob")) || bytes.Contains(function, []byte("BeginNestedJob")) ||
		bytes.Contains(function, []byte("BeginAsyncJob"))
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
