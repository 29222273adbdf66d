package scenarios

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/csource/lower"
)

// thread reads an entry of `threads`, in either form.
func (d *decoder) thread(n *node) (Thread, bool) {
	if n.kind == scalar {
		t := Thread{Count: 1, Pos: n.at(0), faults: faultSet{}}
		if d.text(n) == "" {
			return t, false
		}
		rest, ok := d.call(n, &t)
		return t, ok && d.suffixes(n, rest, &t)
	}
	t := Thread{Pos: n.pos}
	m := d.fields(n, "a thread", keysOf[threadDoc]())
	t.Count, t.Loop = d.count(m["count"]), d.bool(m["loop"])
	t.Faults, t.faults = d.faults(m["faults"])
	run := m["run"]
	if d.text(run) == "" {
		return t, false
	}
	rest, ok := d.call(run, &t)
	if ok && strings.TrimSpace(run.text[rest:]) != "" {
		d.ds.Add(run.at(rest), fmt.Sprintf("unexpected %q after the call", strings.TrimSpace(run.text[rest:])),
			"`count` and `loop` are keys of their own")
		return t, false
	}
	return t, ok
}

var (
	cName    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*`)
	argument = regexp.MustCompile(`^(?:[A-Za-z_][A-Za-z0-9_]*|-?[0-9]+|&[A-Za-z_]\w*(?:\[[0-9]+\]|\.[A-Za-z_]\w*)*)`)
	blanks   = regexp.MustCompile(`^\s*`)
	suffix   = regexp.MustCompile(`^[^\s]+`)
)

// A scanner reads a compact thread from left to right.
type scanner struct {
	text string
	pos  int
}

func (s *scanner) skip() { s.pos += len(blanks.FindString(s.text[s.pos:])) }

func (s *scanner) take(re *regexp.Regexp) string {
	s.skip()
	m := re.FindString(s.text[s.pos:])
	s.pos += len(m)
	return m
}

func (s *scanner) accept(c byte) bool {
	s.skip()
	if s.pos < len(s.text) && s.text[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// call reads `function(argument, ...)` and returns where it ends in the text.
func (d *decoder) call(n *node, t *Thread) (end int, ok bool) {
	s := &scanner{text: n.text}
	s.skip()
	t.functionPos = n.at(s.pos)
	start := s.pos
	if t.function = s.take(cName); t.function == "" {
		d.ds.Add(t.functionPos, fmt.Sprintf("%q is not a call of a C function", shorten(n.text, 40)), "write function(vm1)")
		return 0, false
	}
	if !s.accept('(') {
		d.ds.Add(n.at(s.pos), "expected '(' after "+t.function, "write "+t.function+"(vm1)")
		return 0, false
	}
	for !s.accept(')') {
		if len(t.args) > 0 && !s.accept(',') {
			return 0, d.badArgument(n, s, "expected ',' or ')'")
		}
		s.skip()
		arg := lower.Arg{Pos: n.at(s.pos)}
		if arg.Text = s.take(argument); arg.Text == "" {
			return 0, d.badArgument(n, s, "expected an argument: an object such as vm1, or a number")
		}
		t.args = append(t.args, arg)
	}
	t.Call = n.text[start:s.pos]
	return s.pos, true
}

func (d *decoder) badArgument(n *node, s *scanner, msg string) bool {
	hint := ""
	if n.flow && s.pos >= len(s.text) {
		d.split = true
		hint = "inside [...] a comma ends the item: put the call in quotes"
	}
	d.ds.Add(n.at(s.pos), msg, hint)
	return false
}

// suffixes reads what may follow a compact call: `x3` and `loop`.
func (d *decoder) suffixes(n *node, start int, t *Thread) bool {
	s := &scanner{text: n.text, pos: start}
	counted := false
	for {
		s.skip()
		pos := n.at(s.pos)
		w := s.take(suffix)
		switch {
		case w == "":
			return true
		case w == "loop" && !t.Loop:
			t.Loop = true
		case len(w) > 1 && w[0] == 'x' && strings.Trim(w[1:], "0123456789") == "" && !counted:
			counted = true
			c, err := strconv.Atoi(w[1:])
			t.Count = d.checkCount(c, err, pos)
		default:
			hint := "after the call may stand `x3` and `loop`"
			if i := slices.Index(allFaultNames(), w); i >= 0 {
				hint = fmt.Sprintf("write {run: %s, faults: [%s]}", t.Call, w)
			}
			d.ds.Add(pos, fmt.Sprintf("unexpected %q", w), hint)
			return false
		}
	}
}

func allFaultNames() []string {
	var names []string
	for _, f := range Faults() {
		names = append(names, string(f))
	}
	return names
}
