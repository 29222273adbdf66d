package model

import (
	"context"
	"errors"
)

// A Limit is the reason for which a search, or a run, stopped before it was complete.
type Limit string

// The limits.
const (
	NoLimit        Limit = ""
	StatesLimit    Limit = "max-states"
	MemoryLimit    Limit = "max-memory"
	TimeoutLimit   Limit = "timeout"
	InterruptLimit Limit = "interrupted"
	// ValueRange, Allocations, Recursion and LockDepth mean that a program went beyond what is
	// modelled of it: a variable took more values, a call allocated more objects in one thread,
	// functions called themselves deeper, a thread took one lock more often.
	ValueRangeLimit  Limit = "value-range"
	AllocationsLimit Limit = "allocations"
	RecursionLimit   Limit = "recursion"
	LockDepthLimit   Limit = "lock-depth"
	// UnexploredLimit means that a state takes a step which an open program lacks.
	UnexploredLimit Limit = "unexplored"
	// FingerprintLimit means that fingerprints do not tell whether every thread can finish.
	FingerprintLimit Limit = "fingerprint"
	// RunsLimit and Steps bound searches that execute code instead of keeping states: how often, and
	// how long each time.
	RunsLimit  Limit = "schedules"
	StepsLimit Limit = "max-steps"
	// ThreadsLimit means that a program, or code, started more threads than there may be.
	ThreadsLimit Limit = "max-threads"
	// PatienceLimit means that porcupine could not tell in the time that it had.
	PatienceLimit Limit = "patience"
)

// Limits lists every limit, [NoLimit] first.
func Limits() []Limit {
	return []Limit{
		NoLimit, StatesLimit, MemoryLimit, TimeoutLimit, InterruptLimit,
		ValueRangeLimit, AllocationsLimit, RecursionLimit, LockDepthLimit,
		UnexploredLimit, FingerprintLimit, RunsLimit, StepsLimit, ThreadsLimit, PatienceLimit,
	}
}

// Stopped is the limit that the end of a context is: [NoLimit] while it goes on.
func Stopped(ctx context.Context) Limit {
	switch {
	case ctx.Err() == nil:
		return NoLimit
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return TimeoutLimit
	}
	return InterruptLimit
}
