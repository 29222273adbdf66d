package model

import (
	"strconv"
	"strings"
)

// A Schedule picks one path of a program: at each step a thread and, where that thread has several
// ways to go, which one. It prints as a short string, threads counted from 1, repetitions folded:
// "1*3,2*4,1,2.1" is three steps of thread 1, four of thread 2, one of thread 1, and thread 2
// taking its second way. Where threads begin with a nondeterministic choice, thread 0 comes first
// and picks the initial state: "0.1,2*4".
type Schedule []Pick

// A Pick is one step of a [Schedule]: a thread from 0, and the index of one of its transitions;
// thread -1 picks the initial state.
type Pick struct{ Thread, Choice int }

func (s Schedule) String() string {
	var b strings.Builder
	for i := 0; i < len(s); {
		n := 1
		for i+n < len(s) && s[i+n] == s[i] {
			n++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(s[i].Thread + 1))
		if s[i].Choice > 0 {
			b.WriteByte('.')
			b.WriteString(strconv.Itoa(s[i].Choice))
		}
		if n > 1 {
			b.WriteByte('*')
			b.WriteString(strconv.Itoa(n))
		}
		i += n
	}
	return b.String()
}
