package reports

import (
	"slices"
	"strings"
)

// Letters gives every lock and job that a counterexample knows a letter, so that a narrow column
// can show what is held.
type Letters struct {
	Names  []string // in the order of their first appearance
	letter map[string]byte
}

// LettersOf gives letters to what is held in a counterexample.
func LettersOf(c *Counterexample) *Letters {
	l := &Letters{letter: map[string]byte{}}
	for i := range c.Steps {
		for _, name := range c.Steps[i].Held {
			l.add(name)
		}
	}
	return l
}

// add takes the first free letter of the last part of the name that tells something (mon of
// vm1.mon.lock), then of the whole name, then of the alphabet.
func (l *Letters) add(name string) {
	if l.letter[name] != 0 {
		return
	}
	telling := strings.TrimSuffix(name, ".lock")
	telling = telling[strings.LastIndex(telling, ".")+1:]
	for _, c := range []byte(strings.ToUpper(telling+name) +
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz") {
		alphanumeric := 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z'
		if alphanumeric && !l.taken(c) {
			l.letter[name] = c
			break
		}
	}
	if l.letter[name] == 0 {
		l.letter[name] = '#'
	}
	l.Names = append(l.Names, name)
}

func (l *Letters) taken(c byte) bool {
	for _, name := range l.Names {
		if l.letter[name] == c {
			return true
		}
	}
	return false
}

// Of shows what is held, in the order of the legend.
func (l *Letters) Of(held []string) string {
	var b []byte
	for _, name := range l.Names {
		if slices.Contains(held, name) {
			b = append(b, l.letter[name])
		}
	}
	return string(b)
}

// Legend explains the letters: d=driver.lock m=vm1.mon.lock.
func (l *Letters) Legend() string {
	var parts []string
	for _, name := range l.Names {
		parts = append(parts, string(l.letter[name])+"="+name)
	}
	return strings.Join(parts, " ")
}
