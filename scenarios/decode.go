package scenarios

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A decoder turns YAML values into a suite and collects everything that is wrong with them.
type decoder struct {
	ctx   context.Context
	ds    syntax.Diagnostics
	lines []string // of the file: inline C is taken from here, not from what YAML makes of it
	at    location
	split bool // a comma in a flow list has split a call: what follows, up to its bracket, was reported
}

// decodeSuite reads one file. The suite holds what could be understood when there are diagnostics.
func decodeSuite(ctx context.Context, at location, src []byte) (*Suite, syntax.Diagnostics) {
	s := &Suite{File: at.name(), Text: string(src), files: at.tree}
	root, ds := readYAML(ctx, s.File, src)
	d := &decoder{ctx: ctx, ds: ds, at: at, lines: strings.Split(strings.TrimPrefix(s.Text, "\uFEFF"), "\n")}
	if root == nil {
		return s, d.ds
	}
	m := d.fields(root, "a suite", keysOf[suiteDoc]())
	if n := m["suite"]; n != nil {
		s.Name, s.Pos = d.name(n, "suite"), n.pos
	}
	s.Title = d.text(m["title"])
	d.sources(s, m)
	d.real(s, m)
	s.Order, s.orderPos = d.order(m["order"])
	s.Races = word(d, m["races"], "races", AllRaces())
	s.Leaks = word(d, m["leaks"], "leaks", AllLeaks())
	s.CoverRequired = word(d, m["cover"], "cover", allCovers()) == requireCover
	seen := map[string]model.Pos{}
	for _, n := range d.nonEmpty(m["scenarios"], "scenarios") {
		if d.ds.Full() || ctx.Err() != nil {
			break
		}
		sc := d.scenario(n)
		if old, ok := seen[sc.Name]; ok && sc.Name != "" {
			d.ds.Add(sc.Pos, fmt.Sprintf("scenario %q is defined twice", sc.Name), "first at "+old.String())
		}
		seen[sc.Name] = sc.Pos
		sc.Suite = s
		s.Scenarios = append(s.Scenarios, sc)
	}
	return s, d.ds
}

func (d *decoder) scenario(n *node) *Scenario {
	sc := &Scenario{Pos: n.pos}
	m := d.fields(n, "a scenario", keysOf[scenarioDoc]())
	if v := m["name"]; v != nil {
		sc.Name, sc.Pos = d.name(v, "scenario"), v.pos
	}
	sc.Why = d.text(m["why"])
	for _, item := range d.nonEmpty(m["threads"], "threads") {
		if d.ds.Full() {
			break
		}
		if d.split {
			d.split = item.kind == scalar && !strings.Contains(item.text, ")")
			continue
		}
		if t, ok := d.thread(item); ok {
			sc.Threads = append(sc.Threads, t)
		}
	}
	d.split = false
	sc.Faults, sc.faults = d.faults(m["faults"])
	for i := range sc.Threads {
		sc.Threads[i].faults.add(sc.faults)
	}
	sc.IgnoreRequires = word(d, m["rules"], "rules", allRules()) == ignoreRules
	sc.Races = word(d, m["races"], "races", AllRaces())
	sc.Leaks = word(d, m["leaks"], "leaks", AllLeaks())
	if v := m["expect"]; v != nil {
		sc.Expect = d.expect(v)
	}
	d.liveness(sc, m)
	d.bounded(sc)
	return sc
}

// bounded reports a scenario of too many threads.
func (d *decoder) bounded(sc *Scenario) {
	if total := sc.size(); total > model.MaxThreads {
		d.ds.Add(sc.Pos, fmt.Sprintf("the scenario has %d threads, at most %d are possible", total, model.MaxThreads), "")
	}
}

func (d *decoder) expect(n *node) Expectation {
	var verdict, kind string
	var verdictPos, kindPos model.Pos
	switch {
	case n.kind == mapping && len(n.pairs) == 1:
		p := n.pairs[0]
		verdict, verdictPos = p.key.text, p.key.pos
		if p.value.kind != scalar || p.value.scalar == nothing {
			d.wrongType(p.value, "a kind of rule")
			return Expectation{}
		}
		kind, kindPos = p.value.text, p.value.pos
	case n.kind == scalar:
		var ok bool
		verdict, kind, ok = strings.Cut(n.text, ":")
		start := len(n.text) - len(strings.TrimLeft(kind, " "))
		verdict, kind = strings.TrimSpace(verdict), strings.TrimSpace(kind)
		verdictPos, kindPos = n.at(0), n.at(start)
		if ok && kind == "" {
			d.ds.Add(kindPos, "a kind of rule is missing after the colon", "")
		}
	default:
		d.wrongType(n, "a verdict, or one verdict: kind")
		return Expectation{}
	}
	v := model.Verdict(verdict)
	if v == model.Unknown {
		d.ds.Add(verdictPos, "unknown cannot be expected: it says that a limit was hit, and nothing about the program",
			"expect what the program does, and raise the limit")
		return Expectation{}
	}
	if !slices.Contains(expectable(), v) {
		d.ds.Add(verdictPos, fmt.Sprintf("%q is not a verdict", verdict), Hint(verdict, expectable()))
		return Expectation{}
	}
	switch {
	case kind != "" && !hasKind(v):
		d.ds.Add(kindPos, fmt.Sprintf("the verdict %s has no kinds", v), "")
	case kind != "" && !model.IsKind(kind):
		d.ds.Add(kindPos, fmt.Sprintf("%q is not a kind of rule", kind), Hint(kind, model.Kinds()))
	}
	return Expectation{Verdict: v, Kind: model.Kind(kind)}
}

// order reads the hierarchy of lock classes, outermost first.
func (d *decoder) order(n *node) ([]string, []model.Pos) {
	var names []string
	var where []model.Pos
	seen := map[string]bool{}
	for _, item := range d.list(n) {
		name := d.text(item)
		switch {
		case name == "":
			continue
		case !validName.MatchString(name):
			d.ds.Add(item.pos, fmt.Sprintf("%q cannot be the name of a level", name), "letters, digits, '-', '_' and '.'")
		case seen[name]:
			d.ds.Add(item.pos, fmt.Sprintf("level %q is named twice", name), "")
		}
		seen[name] = true
		names, where = append(names, name), append(where, item.pos)
	}
	return names, where
}

// faults reads a list of faults: in its order, and as a set.
func (d *decoder) faults(n *node) ([]Fault, faultSet) {
	var fs []Fault
	set := faultSet{}
	for _, item := range d.list(n) {
		f := word(d, item, "fault", Faults())
		if f == "" {
			continue
		}
		if set.has(f) {
			d.ds.Add(item.pos, fmt.Sprintf("fault %s is named twice", f), "")
			continue
		}
		set[f] = item.pos
		fs = append(fs, f)
	}
	if set.has(SpuriousWakeup) && set.has(NoSpuriousWakeup) {
		d.ds.Add(set[NoSpuriousWakeup], fmt.Sprintf("fault %s contradicts %s", NoSpuriousWakeup, SpuriousWakeup),
			"leave one of them out")
	}
	return fs, set
}

// fields indexes a mapping by key and reports keys that are unknown, repeated or missing.
func (d *decoder) fields(n *node, what string, known docKeys) map[string]*node {
	m := map[string]*node{}
	if n.kind != mapping {
		d.wrongType(n, what+", a mapping")
		return m
	}
	for _, p := range n.pairs {
		if d.ds.Full() {
			break
		}
		name := p.key.text
		switch {
		case p.key.kind != scalar:
			d.ds.Add(p.key.pos, "a key must be a word", "")
		case !slices.Contains(known.all, name):
			d.ds.Add(p.key.pos, fmt.Sprintf("unknown key %q in %s", name, what), Hint(name, known.all))
		case m[name] != nil:
			d.ds.Add(p.key.pos, fmt.Sprintf("key %q appears twice in %s", name, what), "first at "+m[name].pos.String())
		default:
			m[name] = p.value
		}
	}
	for _, name := range known.required {
		if m[name] == nil {
			d.ds.Add(n.pos, fmt.Sprintf("%s needs the key %q", what, name), "")
		}
	}
	return m
}

var validName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// name reads the name of a suite or a scenario: something that can stand on a command line and in a
// file name.
func (d *decoder) name(n *node, what string) string {
	s := d.text(n)
	if s != "" && !validName.MatchString(s) {
		d.ds.Add(n.pos, fmt.Sprintf("%q cannot be the name of a %s", s, what), "letters, digits, '-', '_' and '.'")
	}
	return s
}

// text reads a string; nil is "".
func (d *decoder) text(n *node) string {
	switch {
	case n == nil:
	case n.kind != scalar || n.scalar != text:
		d.wrongType(n, "text")
	case strings.TrimSpace(n.text) == "":
		d.ds.Add(n.pos, "the text is empty", "")
	default:
		return n.text
	}
	return ""
}

func (d *decoder) list(n *node) []*node {
	if n == nil {
		return nil
	}
	if n.kind != list {
		d.wrongType(n, "a list")
		return nil
	}
	return n.items
}

// nonEmpty reads a list that must have an item. A missing key was reported before.
func (d *decoder) nonEmpty(n *node, what string) []*node {
	items := d.list(n)
	if n != nil && n.kind == list && len(items) == 0 {
		d.ds.Add(n.pos, what+" is an empty list", "")
	}
	return items
}

func (d *decoder) count(n *node) int {
	if n == nil {
		return 1
	}
	if n.kind != scalar || n.scalar != integer {
		d.wrongType(n, "a number")
		return 1
	}
	c, err := strconv.Atoi(n.text)
	return d.checkCount(c, err, n.pos)
}

func (d *decoder) checkCount(c int, err error, pos model.Pos) int {
	if err != nil || c < 1 || c > model.MaxThreads {
		d.ds.Add(pos, fmt.Sprintf("a count is a number from 1 to %d", model.MaxThreads), "")
		return 1
	}
	return c
}

func (d *decoder) bool(n *node) bool {
	switch {
	case n == nil:
	case n.kind != scalar || n.scalar != boolean:
		d.wrongType(n, "true or false")
	default:
		return n.plain() == true
	}
	return false
}

func (d *decoder) wrongType(n *node, want string) {
	got := "a list"
	hint := ""
	switch n.kind {
	case mapping:
		got = "a mapping"
	case scalar:
		got = string(n.scalar)
		if n.scalar != nothing {
			got = fmt.Sprintf("%s, %q", n.scalar, shorten(n.text, 40))
		}
		switch {
		case want == "text" && n.scalar != nothing:
			hint = fmt.Sprintf("quote it: %q", shorten(n.text, 200))
		case want == "a list" && n.scalar != nothing:
			hint = "write [" + shorten(n.text, 40) + "]"
		}
	}
	d.ds.Add(n.pos, fmt.Sprintf("expected %s, found %s", want, got), hint)
}

func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit-3], "") + "..."
}

// word reads one of several words; nil is "".
func word[W ~string](d *decoder, n *node, what string, words []W) W {
	s := d.text(n)
	if s != "" && !slices.Contains(words, W(s)) {
		d.ds.Add(n.pos, fmt.Sprintf("unknown %s %q", what, s), Hint(s, words))
		return ""
	}
	return W(s)
}
