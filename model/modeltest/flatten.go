package modeltest

// code is a statement in a list, with the places at which one goes on.
type code struct {
	stmt
	goes  goes
	to    int // where it leads
	other int // where its other result leads
}

// goes says what kind of code it is for control.
type goes uint8

const (
	steps  goes = iota // a step
	jumps              // on to another place
	forks              // on to either place
	checks             // on, with a condition that the next step checks
	ends
)

// flatten lists the code of a text.
func flatten(body []stmt) []code {
	f := &flattener{}
	f.list(body)
	f.emit(code{goes: ends})
	return f.code
}

type flattener struct {
	code   []code
	breaks [][]int // of each loop around: jumps to its end
}

// emit appends code that leads to the next.
func (f *flattener) emit(c code) int {
	at := len(f.code)
	c.to, c.other = at+1, at+1
	f.code = append(f.code, c)
	return at
}

func (f *flattener) list(body []stmt) {
	for _, s := range body {
		f.one(s)
	}
}

func (f *flattener) one(s stmt) {
	switch s.op {
	case sCheck:
		f.emit(code{stmt: s, goes: checks})
	case sBreak:
		at := f.emit(code{stmt: s, goes: jumps})
		if n := len(f.breaks); n > 0 {
			f.breaks[n-1] = append(f.breaks[n-1], at)
		}
	case sFork:
		f.either(f.emit(code{stmt: s, goes: forks}), s)
	case sWhile, sTouchJob:
		top := f.emit(code{stmt: s})
		f.breaks = append(f.breaks, nil)
		f.list(s.then)
		f.code[f.emit(code{goes: jumps})].to = top
		f.code[top].other = len(f.code)
		n := len(f.breaks) - 1
		for _, at := range f.breaks[n] {
			f.code[at].to = len(f.code)
		}
		f.breaks = f.breaks[:n]
	default:
		f.either(f.emit(code{stmt: s}), s)
	}
}

// either lists both ways on from the code at a place.
func (f *flattener) either(at int, s stmt) {
	f.list(s.then)
	if len(s.other) == 0 {
		f.code[at].other = len(f.code)
		return
	}
	over := f.emit(code{goes: jumps})
	f.code[at].other = len(f.code)
	f.list(s.other)
	f.code[over].to = len(f.code)
}
