package operator

import (
	"regexp"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

var swapNeighbours = Operator{
	Name: "swap-neighbours", Does: "does two neighbouring statements in the other order",
	find: func(h *helper) (all []change) {
		h.statements(func(s syntax.Stmt) {
			b, ok := s.(*syntax.Block)
			if !ok {
				return
			}
			for i := 1; i < len(b.List); i++ {
				first, second := h.simple(b.List[i-1]), h.simple(b.List[i])
				if first == nil || second == nil {
					continue
				}
				x, y := h.statement(first), h.statement(second)
				if x != nowhere && y != nowhere && x.to < y.from {
					all = append(all, change{span{x.from, y.to}, nowhere, []edit{{x, h.text(y)}, {y, h.text(x)}}})
				}
			}
		})
		return all
	},
}

var swapOperation = Operator{
	Name: "swap-operation", Does: "does the opposite: unlock for lock, unref for ref, end for begin, exit for enter",
	find: func(h *helper) (all []change) {
		h.expressions(func(x syntax.Expr, reach span) {
			c, ok := x.(*syntax.Call)
			if !ok || !h.operates(c) {
				return
			}
			name := callee(c)
			at := h.word(c.Pos(), name)
			if at == nowhere {
				return
			}
			for _, p := range opposites {
				for _, pair := range [][2]string{{p[0], p[1]}, {p[1], p[0]}} {
					if other := instead(name, pair[0], pair[1]); other != "" && h.alike(name, other) {
						all = append(all, one(reach, at, other))
						return
					}
				}
			}
		})
		return all
	},
}

// opposites are words of names; the second of a pair may contain the first in another case.
var opposites = [][2]string{
	{"Unlock", "Lock"}, {"unlock", "lock"}, {"Unref", "Ref"}, {"unref", "ref"}, {"Begin", "End"}, {"Enter", "Exit"},
}

// instead is a name with another word at the end of its words; "" where it has not that word.
func instead(name, word, other string) string {
	i := strings.LastIndex(name, word)
	if i < 0 || !wordEnd.MatchString(name[i+len(word):]) {
		return ""
	}
	return name[:i] + other + name[i+len(word):]
}

// wordEnd is what may follow a word of a name.
var wordEnd = regexp.MustCompile(`^($|[A-Z_0-9])`)

// alike reports whether two functions are there and take as many arguments.
func (u *unit) alike(name, other string) bool {
	n, ok := u.arity(name)
	m, ok2 := u.arity(other)
	return ok && ok2 && n == m
}

func (u *unit) arity(name string) (int, bool) {
	if d := u.helpers[name]; d != nil {
		return len(d.Type.Params), true
	}
	if f := vocabulary.Lookup(name); f != nil && f.Effect != vocabulary.None {
		return len(f.Params), true
	}
	return 0, false
}

// wakers are words of names, and what wakes more or fewer.
var wakers = [][2]string{
	{"Signal", "Broadcast"}, {"Broadcast", "Signal"}, {"signal", "broadcast"}, {"broadcast", "signal"},
}

var signalBroadcast = Operator{
	Name: "signal-broadcast", Does: "wakes all where one was woken, or one where all were",
	find: func(h *helper) (all []change) {
		h.expressions(func(x syntax.Expr, reach span) {
			c, ok := x.(*syntax.Call)
			if !ok || !h.operates(c) {
				return
			}
			name := callee(c)
			for _, p := range wakers {
				if other := instead(name, p[0], p[1]); other != "" && h.alike(name, other) && h.word(c.Pos(), name) != nowhere {
					all = append(all, one(reach, h.word(c.Pos(), name), other))
				}
			}
		})
		return all
	},
}
