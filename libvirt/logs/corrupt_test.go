package logs

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestCorrupted damages a log of a daemon that kept its rules, at any place: each time something is
// found that was not there before.
func TestCorrupted(t *testing.T) {
	for _, name := range []string{"sample-small", "c_timeout"} {
		d := damaged{lines: bytes.Split(real(t, name), []byte("\n"))}
		d.find()
		clean := len(read(t, bytes.Join(d.lines, []byte("\n"))).Findings)
		for what, do := range map[string]func(*rapid.T) [][]byte{
			"an end is missing": d.withoutEnd, "a begin is missing": d.withoutBegin, "threads are swapped": d.swapThreads,
			"lines are swapped": d.swapLines, "the monitor is entered without a job": d.strangerEnters,
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) {
					if found := read(t, bytes.Join(do(t), []byte("\n"))).Findings; len(found) <= clean {
						t.Fatal("not noticed")
					}
				})
			})
		}
	}
}

// A damaged log: its lines, and where it can be damaged.
type damaged struct {
	lines                [][]byte
	begins, ends, enters []int
	pairs                [][2]int // lines of one domain and two threads, whose order matters
}

var partsRE = regexp.MustCompile(`^(\S+ \S+): (\d+)(: debug : (?:virDomainObj|qemuDomainObj)\w+:\d+ : (\w+) .* name=(\w+)[,) ].*)$`)

// find finds where the log can be damaged. Two lines that follow one another among those of a
// domain have an order that matters if one of them begins or ends a job, and the other does so too
// or prints what the domain has; but agent jobs and others do not exclude each other.
func (d *damaged) find() {
	last := map[string]int{}
	for j, l := range d.lines {
		m := partsRE.FindSubmatch(l)
		if m == nil {
			continue
		}
		switch string(m[4]) {
		case "Started":
			d.begins = append(d.begins, j)
		case "Stopping":
			d.ends = append(d.ends, j)
		case "Entering":
			d.enters = append(d.enters, j)
		}
		if i, ok := last[string(m[5])]; ok && d.ordered(i, j) {
			d.pairs = append(d.pairs, [2]int{i, j})
		}
		last[string(m[5])] = j
	}
}

func (d *damaged) ordered(i, j int) bool {
	a, b := partsRE.FindSubmatch(d.lines[i]), partsRE.FindSubmatch(d.lines[j])
	if string(a[2]) == string(b[2]) {
		return false
	}
	changes := func(m [][]byte) bool { return string(m[4]) == "Started" || string(m[4]) == "Stopping" }
	agent := func(m [][]byte) bool { return bytes.Contains(m[3], []byte(" agent job: ")) }
	switch {
	case changes(a) && changes(b):
		return agent(a) == agent(b)
	case changes(a):
		return string(b[4]) == "Starting"
	case changes(b):
		return string(a[4]) == "Starting"
	}
	return false
}

func (d *damaged) without(t *rapid.T, some []int) [][]byte {
	i := rapid.SampledFrom(some).Draw(t, "line")
	t.Logf("line %d is gone: %s", i+1, d.lines[i])
	return slices.Delete(slices.Clone(d.lines), i, i+1)
}

func (d *damaged) withoutEnd(t *rapid.T) [][]byte   { return d.without(t, d.ends) }
func (d *damaged) withoutBegin(t *rapid.T) [][]byte { return d.without(t, d.begins) }

// strangerEnters lets a thread into the monitor that has nothing.
func (d *damaged) strangerEnters(t *rapid.T) [][]byte {
	i := rapid.SampledFrom(d.enters).Draw(t, "line")
	m := partsRE.FindSubmatch(d.lines[i])
	at := rapid.IntRange(i+1, len(d.lines)-1).Draw(t, "at")
	return slices.Insert(slices.Clone(d.lines), at, fmt.Appendf(nil, "%s: 99999%s", m[1], m[3]))
}

func (d *damaged) pair(t *rapid.T) (i, j int) {
	p := rapid.SampledFrom(d.pairs).Draw(t, "pair")
	t.Logf("lines %d and %d:\n%s\n%s", p[0]+1, p[1]+1, d.lines[p[0]], d.lines[p[1]])
	return p[0], p[1]
}

// swapThreads gives each of two lines the thread of the other.
func (d *damaged) swapThreads(t *rapid.T) [][]byte {
	i, j := d.pair(t)
	a, b := partsRE.FindSubmatch(d.lines[i]), partsRE.FindSubmatch(d.lines[j])
	out := slices.Clone(d.lines)
	out[i] = fmt.Appendf(nil, "%s: %s%s", a[1], b[2], a[3])
	out[j] = fmt.Appendf(nil, "%s: %s%s", b[1], a[2], b[3])
	return out
}

// swapLines lets two lines change places.
func (d *damaged) swapLines(t *rapid.T) [][]byte {
	i, j := d.pair(t)
	out := slices.Clone(d.lines)
	out[i], out[j] = out[j], out[i]
	return out
}
