package driver

import (
	"errors"
	"fmt"
)

// A Code is the class of an error, or of its absence: small, comparable, and stable enough for
// histories.
type Code uint8

// The codes.
const (
	OK             Code = iota
	NoDomain            // there is no domain of that name, or no longer
	Exists              // there is one already
	NotRunning          // the call needs a running domain
	AlreadyRunning      // the call needs a domain that is not running
	JobTimeout          // the job did not become free in time
	MonitorGone         // the connection to QEMU broke during the call: closed, garbage, no answer
	Refused             // QEMU answered with an error
	SpawnFailed         // QEMU could not be started
	Transient           // the domain runs but is not defined any more
	WaitExpired         // the domain was still running when the wait ended
	StaleDeath          // of died: the domain had been stopped before
	Closed              // the driver is shut down
)

var codeNames = [...]string{
	"ok", "no-domain", "exists", "not-running", "already-running",
	"job-timeout", "monitor-gone", "refused", "spawn-failed",
	"transient", "wait-expired", "stale-death", "closed",
}

func (c Code) String() string { return codeNames[c] }

// ParseCode reads what [Code.String] prints.
func ParseCode(name string) (Code, bool) {
	for i, n := range codeNames {
		if n == name {
			return Code(i), true
		}
	}
	return 0, false
}

// An Error is why a call failed.
type Error struct {
	Code   Code
	Domain string
	Cause  error // nil when the code says it all
}

func (e *Error) Error() string {
	text := e.Domain + ": " + codeTexts[e.Code]
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap makes the cause visible to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

var codeTexts = [...]string{
	OK:             "no error",
	NoDomain:       "no such domain",
	Exists:         "the domain exists already",
	NotRunning:     "the domain is not running",
	AlreadyRunning: "the domain is running already",
	JobTimeout:     "timed out: cannot acquire state change lock",
	MonitorGone:    "lost the connection to QEMU",
	Refused:        "QEMU refused the command",
	SpawnFailed:    "could not start QEMU",
	Transient:      "the domain is not defined any more",
	WaitExpired:    "timed out: the domain is still running",
	StaleDeath:     "the domain had been stopped before",
	Closed:         "the driver is shut down",
}

// CodeOf is the code of an error that the driver returned; OK for nil.
func CodeOf(err error) Code {
	if err == nil {
		return OK
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return MonitorGone
}

// A QMPError is QEMU's refusal of a command, in QEMU's words; only its text is fit for a terminal.
type QMPError struct {
	Class string
	Desc  string
}

func (e *QMPError) Error() string {
	if e.Class == "" || e.Desc == "" {
		return printable(e.Class + e.Desc)
	}
	return printable(e.Desc + " (" + e.Class + ")")
}

// A ProtocolError is an answer that is not QMP, or not the answer to what was asked. The connection
// cannot be used after it.
type ProtocolError struct {
	Problem string
	Line    []byte
}

func (e *ProtocolError) Error() string {
	const most = 60
	line, more := e.Line, ""
	if len(line) > most {
		line, more = line[:most], "..."
	}
	return fmt.Sprintf("QEMU broke the monitor protocol: %s: %q%s", e.Problem, line, more)
}
