package backtrace

import "strings"

// A Dump is the threads of one process at one moment.
type Dump struct {
	Title   string // the last line of prose before it: a date, a host, a command
	Host    string // of a shell prompt, where there is one
	Process string // libvirtd, virtqemud, ..., where it is named
	PID     int64
	Line    int // where it begins

	Core    bool   // made from a process that died or was killed, not from one that runs
	Signal  string // with which it died, where that is told: SIGSEGV or SEGV
	Threads []*Thread
	Owners  []Owner // mutexes that somebody looked into
	Listed  int     // threads that gdb listed, with stack or without
	Version string  // of libvirt, where the text names one: 1.2.17
}

// A Thread is one stack.
type Thread struct {
	Number int    // gdb's
	LWP    int64  // the kernel's; 0 where the text has none
	Handle uint64 // glibc's, as gdb prints it: another process has another one
	Name   string
	Line   int
	Frames []Frame // the innermost first
	Cut    bool    // the text ends within the stack
	More   int     // frames that were left out: the stack is deeper than is kept
}

// A Frame is one function that has not returned.
type Frame struct {
	Level    int
	Function string // without version, clone suffixes and decoration of glibc; "" where there is no symbol
	Args     []Arg  // as far as they are plain values
	File     string // of the source, as path:line
	Library  string
	Line     int // of the input
}

// An Arg is one argument of a function.
type Arg struct {
	Name  string
	Value string // a number, a pointer or an enumerator; "" where it is optimised out or no plain value
}

// An Owner is what somebody read in a mutex.
type Owner struct {
	Mutex uint64 // its address; 0 where the text does not say which it is
	LWP   int64  // who owns it; 0 nobody
	Line  int
}

// Arg is the value of an argument; "" where it has none.
func (f *Frame) Arg(name string) string {
	for i := range f.Args {
		if f.Args[i].Name == name {
			return f.Args[i].Value
		}
	}
	return ""
}

// Pointer is an argument as an address; 0 where it is none.
func (f *Frame) Pointer(name string) uint64 { return Address(f.Arg(name)) }

// Address reads 0x7f00; 0 where the text is none.
func Address(text string) uint64 {
	hex, ok := strings.CutPrefix(text, "0x")
	if !ok || len(hex) == 0 || len(hex) > 16 {
		return 0
	}
	var x uint64
	for _, c := range []byte(hex) {
		switch {
		case c >= '0' && c <= '9':
			x = x<<4 | uint64(c-'0')
		case c >= 'a' && c <= 'f':
			x = x<<4 | uint64(c-'a'+10)
		case c >= 'A' && c <= 'F':
			x = x<<4 | uint64(c-'A'+10)
		default:
			return 0
		}
	}
	return x
}

// Mutex is the address of the mutex in whose lock call a thread is; 0 where the stack does not
// tell.
func (t *Thread) Mutex() uint64 {
	for i := range min(len(t.Frames), 8) {
		f := &t.Frames[i]
		for _, n := range []string{"mutex", "m", "futex", "futex_word", "rwlock"} {
			if x := f.Pointer(n); x != 0 {
				return x
			}
		}
	}
	return 0
}
