package reports

import (
	"fmt"
	"regexp"
	"strings"
)

// Redact replaces in the diagnoses and histories of a report, and in their findings, what nobody
// else need know: names of domains and of files, UUIDs, addresses of machines, paths, and what
// stands in quotes. Equal names stay equal. What is a word of libvirt's, or a number of a thread,
// stays.
func Redact(r *Report) {
	x := redaction{names: map[string]string{}}
	for _, d := range r.Diagnosed() {
		for _, name := range d.Inputs {
			x.add(name, "input-%d")
		}
		for _, name := range d.Domains {
			x.add(name, "domain-%d")
		}
		for i := range d.Holders {
			x.add(d.Holders[i].Domain, "domain-%d")
		}
		for i := range d.Waiters {
			x.add(d.Waiters[i].Domain, "domain-%d")
		}
		if d.Timeline != nil {
			for i := range d.Timeline.Bars {
				x.add(d.Timeline.Bars[i].Domain, "domain-%d")
			}
		}
	}
	for i := range r.Results {
		x.addHistory(&r.Results[i])
	}
	for i := range r.Findings {
		x.add(r.Findings[i].File, "input-%d")
	}
	for _, d := range r.Diagnosed() {
		x.diagnosis(d)
	}
	for i := range r.Results {
		x.history(&r.Results[i])
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		f.File, f.Message = x.name(f.File), x.text(f.Message)
		for _, ps := range [][]Place{f.Related, f.Path} {
			for j := range ps {
				ps[j].File, ps[j].Message = x.name(ps[j].File), x.text(ps[j].Message)
			}
		}
	}
	r.Directory, r.Sources = "", nil
}

type redaction struct {
	names map[string]string
	order []string // the longest first
	count map[string]int
}

func (x *redaction) add(name, form string) {
	if name == "" || x.names[name] != "" {
		return
	}
	if x.count == nil {
		x.count = map[string]int{}
	}
	x.count[form]++
	x.names[name] = fmt.Sprintf(form, x.count[form])
	i := 0
	for i < len(x.order) && len(x.order[i]) >= len(name) {
		i++
	}
	x.order = append(x.order[:i], append([]string{name}, x.order[i:]...)...)
}

func (x *redaction) name(s string) string {
	if n, ok := x.names[s]; ok {
		return n
	}
	return x.text(s)
}

var private = []struct {
	re *regexp.Regexp
	by string
}{
	{regexp.MustCompile(`'[^']*'|"[^"]*"|` + "`[^`]*`"), "'...'"},
	{regexp.MustCompile(`\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`), "UUID"},
	{regexp.MustCompile(`\b(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}\b`), "MAC"},
	{regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b`), "ADDRESS"},
	{
		regexp.MustCompile(
			`\b(?:[0-9a-fA-F]{1,4}:){2,7}[0-9a-fA-F]{1,4}\b|\b[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*::[0-9a-fA-F:]*`), "ADDRESS",
	},
	{regexp.MustCompile(`(^|[\s=(:])/[^\s'",;)]+`), "${1}/PATH"},
}

// text replaces what is private in a sentence.
func (x *redaction) text(s string) string {
	for _, name := range x.order {
		s = replaceWord(s, name, x.names[name])
	}
	for _, p := range private {
		s = p.re.ReplaceAllString(s, p.by)
	}
	return s
}

// replaceWord replaces a name where it stands alone.
func replaceWord(s, name, by string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, name)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := i + len(name)
		b.WriteString(s[:i])
		if i > 0 && isWord(s[i-1]) || end < len(s) && isWord(s[end]) {
			b.WriteString(name)
		} else {
			b.WriteString(by)
		}
		s = s[end:]
	}
}

func isWord(c byte) bool {
	return c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func (x *redaction) diagnosis(d *Diagnosis) {
	for i := range d.Inputs {
		d.Inputs[i] = x.name(d.Inputs[i])
	}
	for i := range d.Domains {
		d.Domains[i] = x.name(d.Domains[i])
	}
	for i := range d.Next {
		d.Next[i] = x.known(d.Next[i])
	}
	for i := range d.Holders {
		h := &d.Holders[i]
		h.Domain, h.API = x.name(h.Domain), x.known(h.API)
		x.lines(h.Lines)
	}
	for i := range d.Waiters {
		w := &d.Waiters[i]
		w.Domain, w.API = x.name(w.Domain), x.known(w.API)
		x.lines(w.Lines)
	}
	if d.Timeline != nil {
		for i := range d.Timeline.Bars {
			b := &d.Timeline.Bars[i]
			b.Domain, b.API, b.At.File, b.End.File = x.name(b.Domain), x.known(b.API), x.name(b.At.File), x.name(b.End.File)
		}
	}
	for _, cs := range [][]Claim{d.Why, d.Notes} {
		for i := range cs {
			cs[i].Text = x.text(cs[i].Text)
			x.lines(cs[i].Lines)
		}
	}
}

// known replaces the names that are known, in a text of our own or a word of libvirt's.
func (x *redaction) known(s string) string {
	for _, name := range x.order {
		s = replaceWord(s, name, x.names[name])
	}
	if domain, ok := strings.CutPrefix(s, "init-"); ok { // a thread of the daemon that takes up a guest
		return "init-" + x.name(domain)
	}
	return s
}

func (x *redaction) lines(at []InputAt) {
	for i := range at {
		at[i].File = x.name(at[i].File)
	}
}

// addHistory adds the names that a history has.
func (x *redaction) addHistory(r *Result) {
	h := r.History
	if h == nil {
		return
	}
	x.add(r.Ref, "input-%d")
	x.add(r.Scenario, "input-%d")
	for i := range h.Violations {
		x.add(h.Violations[i].Domain, "domain-%d")
	}
	for _, name := range h.Domains {
		x.add(name, "domain-%d")
	}
}

func (x *redaction) history(r *Result) {
	h := r.History
	if h == nil {
		return
	}
	r.Ref, r.Scenario, r.Message = x.name(r.Ref), x.name(r.Scenario), x.text(r.Message)
	r.Command = "lockproof history " + r.Ref
	for i := range h.Domains {
		h.Domains[i] = x.name(h.Domains[i])
	}
	for i := range h.Violations {
		v := &h.Violations[i]
		v.Domain, v.Draw = x.name(v.Domain), nil // a drawing has all names
		for j := range v.Steps {
			v.Steps[j].Text = x.text(v.Steps[j].Text)
			v.Steps[j].Client = x.known(v.Steps[j].Client)
		}
	}
	for i := range h.Assumed {
		h.Assumed[i] = x.known(h.Assumed[i])
	}
	if h.Timeline != nil {
		for i := range h.Timeline.Bars {
			b := &h.Timeline.Bars[i]
			b.Domain, b.What, b.At.File, b.End.File = x.name(b.Domain), x.text(b.What), x.name(b.At.File), x.name(b.End.File)
		}
	}
}
