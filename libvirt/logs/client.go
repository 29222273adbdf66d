package logs

import (
	"bytes"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/diagnose/jobs"
	"github.com/lockproof/lockproof/libvirt/lazy"
)

// An entry of a client's log: a line with a stamp, and those without one that follow it.
type entry struct {
	open    bool
	at      diagnose.Moment
	text    []byte
	hot     bool // something in it is about libvirt
	hotLine int
}

// mostEntry is how many bytes of an entry are looked at.
const mostEntry = 1 << 15

func (x *entry) begin(at diagnose.Moment, line int, b []byte) {
	x.open, x.at, x.hot, x.hotLine = true, at, false, line
	x.text = x.text[:0]
	x.add(b)
}

func (x *entry) add(b []byte) {
	if room := mostEntry - len(x.text); room > 0 {
		x.text = append(append(x.text, b[:min(len(b), room)]...), '\n')
	}
}

// notOurs reads a line that is not the daemon's: of a client, or of somebody else.
func (s *scanner) notOurs(b []byte) {
	at, _, stamped := s.dates.stamp(b)
	if !stamped && len(b) > 0 && b[0] == '{' {
		at, stamped = s.ofFields(b)
	}
	if stamped && s.entry.open && s.entry.goesOnWith(b, at) {
		stamped = false
	}
	if stamped || !s.entry.open {
		s.flush()
		s.entry.begin(at, s.line, b)
	} else {
		s.entry.add(b)
	}
	if hot(b) {
		if !s.entry.hot {
			s.entry.hotLine = s.line
		}
		s.entry.hot = true
	}
}

// goesOnWith reports whether a line with a stamp belongs to the entry before it: virsh says in a
// second line why something failed, and some loggers put a stamp before each line of a traceback.
func (x *entry) goesOnWith(b []byte, at diagnose.Moment) bool {
	switch {
	case has(b, "error: ") && has(x.text, "error: Failed to "):
		return true
	case at != x.at || !has(x.text, "Traceback (most") && !has(b, "Traceback (most"):
		return false
	}
	// stamp, process, level and logger are the same
	n := 0
	for words := 0; n < len(b) && n < len(x.text) && b[n] == x.text[n]; n++ {
		if b[n] == ' ' {
			if words++; words == 5 {
				return true
			}
		}
	}
	return false
}

// ofFields finds the stamp of a line of JSON.
func (s *scanner) ofFields(b []byte) (at diagnose.Moment, ok bool) {
	fields(b, func(key, value []byte, _ bool) {
		switch string(key) {
		case "time", "ts", "timestamp", "@timestamp", "datetime", "asctime":
			if x := s.instant(value); x.Known() {
				at, ok = x, true
			}
		}
	})
	return at, ok
}

// hot reports whether a line may be about libvirt.
func hot(b []byte) bool {
	return has(b, "state change lock") || has(b, "=remoteDispatch") || has(b, "libvirtError") || has(b, "unresponsive") ||
		has(b, "Cannot start job (") ||
		has(b, "virError(") || has(b, "Code=68") || has(b, "libvirt: ")
}

// A pattern is an expression that is only looked for where a text stands without which it cannot
// match: an entry may be one of millions.
type pattern struct {
	must string
	re   *lazy.Regexp
}

func compile(must, re string) *pattern { return &pattern{must, lazy.New(re)} }

// find is the match with its groups; nil if there is none.
func (p *pattern) find(b []byte) [][]byte {
	if !has(b, p.must) {
		return nil
	}
	return p.re.Compiled().FindSubmatch(b)
}

var (
	calls = []*pattern{
		compile("() failed", `\b(vir[A-Z]\w+)\(\) failed`),
		compile("during ", `\bduring (?:call to )?(\w+)(?:[.,:;)]|$| of | on | for )`),
		compile("error: Failed to ", `\berror: Failed to (\w+) domain `),
		compile("failed to ", `failed to (?:get|run|call) (Domain\w+|Connect\w+|vir[A-Z]\w+)`),
	}
	stamps  = compile(`=`, `\b(?:ts|time|timestamp)="?(\d{4}-\d\d-\d\dT[0-9:.,]+(?:Z|[+-]\d\d:?\d\d)?)`)
	workers = []*pattern{
		compile("req-", `\breq-[0-9a-f-]{36}`), compile("/", `\([a-z]+/\d+\)`),
		compile("Thread-", `\bThread-\d+`),
	}
	headers = compile(" : ", `(?:(\d+): )?(debug|info|warning|error) : (?:(\w+):\d+ : )?$`)
	domains = []*pattern{
		compile("vmId=", "vmId=['\"`]([0-9a-f-]{36})['\"`]"),
		compile("[instance: ", `\[instance: ([0-9a-f-]{36})\]`),
		compile("=", `\b(?:domain|vm|vmName|domain_name|vm_name|guest)=\\?["']?([\w.+:@-]+)`),
		compile("'", `'([^'\s]+)' (?:VM|vm|[Dd]omain|[Gg]uest)\b`),
		compile("'", `\b(?:VM|vm|[Dd]omain|[Gg]uest|[Ii]nstance)(?: name| with name)?:? '([^'\s]+)'`),
		compile(`"`, `\b(?:VM|vm|[Dd]omain|[Gg]uest|[Ii]nstance)(?: name| with name)?:? "([^"\s]+)"`),
		compile(" domain ", `\b[Ff]ailed to [\w ]{1,40}? domain ([\w.+-]+)`),
		compile("for domain ", `\bfor domain ([\w.+-]+)`),
	}
	silent = compile("unresponsive", `monitor (?:has )?bec[oa]me unresponsive[^\n]*`)
)

// flush reads the entry that has come to its end.
func (s *scanner) flush() {
	x := &s.entry
	if !x.open {
		return
	}
	x.open = false
	if !x.hot {
		return
	}
	if i := bytes.Index(x.text, []byte("Cannot start job (")); i >= 0 {
		s.embedded(x, i)
		return
	}
	s.reset(x.at)
	e := &s.event
	e.Place.Line = x.hotLine
	e.Domain = s.domainOf(x.text)
	if m := silent.find(x.text); m != nil {
		s.seen[client]++
		e.Kind, e.Text = jobs.Silent, "a client says that the "+text(m[0])
		s.give()
		return
	}
	told := has(x.text, lockText) || has(x.text, "=remoteDispatch") || has(x.text, "Code=68")
	switch {
	case told:
	case has(x.text, "libvirtError"), has(x.text, "virError("), has(x.text, "libvirt: "):
		s.seen[client]++ // of another error
		return
	default:
		return
	}
	s.seen[client]++
	e.Kind = jobs.ClientError
	if m := stamps.find(x.text); m != nil {
		if at, _, ok := s.dates.dated(m[1]); ok {
			e.At = at
		}
	}
	// what syslog was given may have a better stamp; beside lines of the daemon theirs is better
	if s.seen[syslog]+s.seen[journal] == 0 && e.At.Clock == diagnose.Yearless {
		first, _, _ := bytes.Cut(x.text[:min(len(x.text), 200)], []byte("\n"))
		if at, ok := s.inside(first); ok {
			e.At = at
		}
	}
	e.HeldBy, e.HeldByAgent = s.heldBy(x.text)
	e.Full = has(x.text, fullText)
	e.API = s.callOf(x.text)
	for _, p := range workers {
		if m := p.find(x.text); m != nil {
			e.Worker = s.name(m[0])
			break
		}
	}
	s.give()
}

// callOf finds the call that failed. "Timed out during operation" does not name it.
func (s *scanner) callOf(b []byte) string {
	for _, p := range calls {
		if !has(b, p.must) {
			continue
		}
		for _, m := range p.re.Compiled().FindAllSubmatch(b, 8) {
			if string(m[1]) != "operation" {
				return s.name(m[1])
			}
		}
	}
	return ""
}

// domainOf finds the name or the UUID of a domain in an entry.
func (s *scanner) domainOf(b []byte) string {
	for _, p := range domains {
		if m := p.find(b); m != nil {
			return s.name(m[1])
		}
	}
	return ""
}

// embedded reads a warning of the daemon that stands somewhere in a line.
func (s *scanner) embedded(x *entry, i int) {
	line := x.text[i:]
	if j := bytes.IndexByte(line, '\n'); j >= 0 {
		line = line[:j]
	}
	head := x.text[:i]
	if j := bytes.LastIndexByte(head, '\n'); j >= 0 {
		head = head[j+1:]
	}
	h := header{at: x.at, message: line, level: 'w'}
	if m := headers.find(head); m != nil {
		h.thread, _, _ = number(m[1])
		h.function = m[3]
	}
	if at, ok := s.inside(head); ok {
		h.at = at
	}
	s.line = x.hotLine
	s.daemon(plain, &h, 0)
}

// inside finds a stamp of the daemon in the middle of a line.
func (s *scanner) inside(b []byte) (diagnose.Moment, bool) {
	for i := 0; i+19 < len(b); i++ {
		if b[i] >= '0' && b[i] <= '9' && (i == 0 || b[i-1] < '0' || b[i-1] > '9') {
			if at, _, ok := s.dates.dated(b[i:]); ok {
				return at, true
			}
		}
	}
	return diagnose.Moment{}, false
}
