package protocol

import "github.com/lockproof/lockproof/libvirt/backtrace"

// A Class is a class of locks. The first five are those of the protocol, in the order in which they
// are taken; monitor and agent are on one level.
type Class string

// The classes.
const (
	NoClass      Class = ""
	Driver       Class = "driver"
	List         Class = "list"
	Domain       Class = "domain"
	Monitor      Class = "monitor"
	Agent        Class = "agent"
	Filter       Class = "filter"    // the filter updates of nwfilter
	FilterObject Class = "nwfilter"  // one filter
	Callbacks    Class = "callbacks" // what runs when a connection is closed
	Libc         Class = "libc"      // malloc and the like, in a child after fork
)

// Rank is where a class stands in the order of locks, from 1; 0 where it has no place.
func (c Class) Rank() int {
	switch c {
	case Filter:
		return 1
	case Driver:
		return 2
	case List:
		return 3
	case Domain:
		return 4
	case Monitor, Agent:
		return 5
	}
	return 0
}

// A Kind says what a thread does.
type Kind int

// The kinds.
const (
	Running   Kind = iota // nothing that the rules know
	Idle                  // waits for work
	EventLoop             // waits for events
	ForLock
	ForJob
	ForReply  // of QEMU
	ForAgent  // the reply of the guest agent
	ForDaemon // the reply of another daemon
	ForEvent  // sleeps until an event of the domain comes, its lock dropped
	ForChild  // a process that it has started
	Asleep
	InCall  // of the kernel, mostly on files
	Exiting // the process ends or dies in this thread
	OnCond  // some condition that the rules do not know
)

// A Lock is a lock, as far as a stack tells which it is.
type Lock struct {
	Class  Class
	Object uint64 // what it belongs to; 0 where that is not shown
	Mutex  uint64 // its own address
	Of     string // of the driver lock and the list: of which driver, by its prefix
}

// A Held is a lock that a thread holds by the protocol.
type Held struct {
	Lock
	Frame int  // that took it, or that has it by contract
	Sure  bool // all releases that the stack may be of hold it
}

// A Job is a job that a thread holds by the protocol, or asks for.
type Job struct {
	Job, Async, Agent string
	Domain            uint64
	InMonitor         bool
}

// A Reading is what a stack says.
type Reading struct {
	Kind   Kind
	Waits  Lock
	Read   bool // as a reader
	Timed  bool // the wait gives up by itself
	Where  int  // the frame that waits
	Holds  []Held
	Has    *Job // that it holds
	Asks   Job  // that it waits for
	API    string
	Hook   bool   // it runs a hook script
	Reply  string // the command whose reply it waits for, by function
	Events bool   // it is the thread that delivers events: of the daemon, or of one guest
	Remote bool   // the call goes to another daemon, as part of a migration
	Reconn bool   // it takes up a guest after the daemon's start
	File   bool   // it waits below a function for files or images
	Driver string // whose code it runs: qemu, lxc, libxl, ...
}

// Read reads the stack of one thread.
func Read(t *backtrace.Thread, era Era) *Reading {
	r := &Reading{}
	if len(t.Frames) == 0 {
		return r
	}
	r.findWait(t.Frames)
	api, at := apiOf(t.Frames)
	r.API = api
	r.around(t)
	w := walk{r: r, frames: t.Frames, era: era, api: at}
	w.classify()
	w.run()
	return r
}
