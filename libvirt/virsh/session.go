// Package virsh reads terminal sessions in which somebody asked virsh about a domain's job:
// domjobinfo, domjobabort, domcontrol, and commands that were refused because of a job.
package virsh

import (
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/libvirt/lazy"
)

// A command is one call of virsh with what it printed.
type command struct {
	name   string
	domain string
	line   int
	err    string
	errAt  int
	fields map[string]field
	others []string // lines that are no fields
}

// A field is a row of domjobinfo.
type field struct {
	value string
	line  int
}

// Limits of what is kept.
const (
	mostCommands = 10_000
	mostRows     = 64 // of one command
)

var (
	outside = lazy.New(
		`(?:^|[$#%>❯]\s*|\bsudo\s+|;\s*|&&\s*)(?:/usr/bin/)?virsh\s+((?:-\S+\s+(?:[\w+]+://\S*\s+)?|--\S+\s+(?:[\w+]+://\S*\s+)?)*)([a-z][\w-]*)((?:\s+\S+)*)\s*$`)
	inside  = lazy.New(`^\s*virsh\s*[#>]\s*([a-z][\w-]*)((?:\s+\S+)*)\s*$`)
	fieldRE = lazy.New(`^\s*([A-Z][A-Za-z /-]{2,30}):\s+(.*?)\s*$`)
	errorRE = lazy.New(`^\s*(?:error|erreur|Fehler|エラー|错误)\s*:\s*(.*)$`)
	holders = lazy.New(`\(held by (?:monitor=(\w+))?(?:\s?agent=(\w+))?(?:\s?job=(\w+))?\)`)
	holder  = lazy.New(`\(held by (\w+)\)`) // before 3.10
	control = lazy.New(`^\s*(ok|background job|occupied|error)(?:\s*:[^(]*)?\s*\((\d+(?:\.\d+)?)s\)`)
)

// session collects the commands of a text.
type session struct {
	commands []*command
	left     int
	signs    int // rows and commands that only virsh has
}

// line takes a line of the text.
func (s *session) line(n int, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if m := outside.FindStringSubmatch(text); m != nil {
		s.start(n, m[2], m[3])
		return
	}
	if m := inside.FindStringSubmatch(text); m != nil {
		s.start(n, m[1], m[2])
		return
	}
	m := fieldRE.FindStringSubmatch(text)
	job := m != nil && (m[1] == "Job type" || m[1] == "Time elapsed" || m[1] == "Operation" && len(s.commands) > 0)
	if len(s.commands) == 0 {
		if !job { // a session whose first line was cut off begins with what it printed
			return
		}
		s.start(n, "domjobinfo", "")
	}
	c := s.commands[len(s.commands)-1]
	if job {
		s.signs++
		if _, again := c.fields[m[1]]; again && m[1] == "Job type" { // of another one, whose line is missing
			s.start(n, "domjobinfo", "")
			c = s.commands[len(s.commands)-1]
		}
	}
	switch e := errorRE.FindStringSubmatch(text); {
	case e != nil:
		if c.err != "" {
			c.err += "; "
		}
		c.err += e[1][:min(len(e[1]), 500)]
		c.errAt = n
		if len(c.err) > 2000 {
			c.err = c.err[:2000]
		}
		if lock.MatchString(e[1]) {
			s.signs++
		}
	case m != nil && len(c.fields) < mostRows:
		c.fields[m[1]] = field{m[2][:min(len(m[2]), 200)], n}
	case len(c.others) < mostRows:
		c.others = append(c.others, text[:min(len(text), 200)])
		if control.MatchString(text) && c.name == "domcontrol" {
			s.signs++
		}
	}
}

var lock = lazy.New(`cannot acquire state change lock|state change lock`)

func (s *session) start(n int, name, args string) {
	if len(s.commands) == mostCommands {
		s.left++
		return
	}
	c := &command{name: name, line: n, fields: map[string]field{}}
	words := strings.Fields(args)
	for i, w := range words {
		if v, ok := strings.CutPrefix(w, "--domain="); ok {
			c.domain = v
		}
		if w == "--domain" && i+1 < len(words) {
			c.domain = words[i+1]
		}
	}
	for _, w := range words {
		if c.domain == "" && !strings.HasPrefix(w, "-") {
			c.domain = w
		}
	}
	c.domain = strings.Trim(c.domain, `"'`)
	switch name {
	case "domjobinfo", "domjobabort", "domcontrol":
		s.signs++
	}
	s.commands = append(s.commands, c)
}

// elapsed is how long the job has run, in seconds.
func (c *command) elapsed() (float64, bool) {
	words := strings.Fields(c.fields["Time elapsed"].value)
	if len(words) != 2 || words[1] != "ms" {
		return 0, false
	}
	ms, err := strconv.ParseFloat(words[0], 64)
	return ms / 1000, err == nil && ms >= 0 && ms < 1e15
}

var units = map[string]float64{"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}

// bytes is an amount of data; of a rate, in a second.
func (c *command) bytes(name string) (float64, bool) {
	words := strings.Fields(c.fields[name].value)
	if len(words) != 2 {
		return 0, false
	}
	x, err := strconv.ParseFloat(words[0], 64)
	unit, ok := units[strings.TrimSuffix(words[1], "/s")]
	return x * unit, err == nil && ok
}

// processed is how much a job has done: a migration memory and disks together, a backup disks
// alone.
func (c *command) processed() (float64, bool) {
	if x, ok := c.bytes("Data processed"); ok {
		return x, true
	}
	memory, ok1 := c.bytes("Memory processed")
	disks, ok2 := c.bytes("File processed")
	return memory + disks, ok1 || ok2
}

// count is a plain number in front of a unit.
func (c *command) count(name string) (float64, bool) {
	words := strings.Fields(c.fields[name].value)
	if len(words) == 0 {
		return 0, false
	}
	x, err := strconv.ParseFloat(words[0], 64)
	return x, err == nil
}
