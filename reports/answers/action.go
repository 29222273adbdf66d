package answers

import (
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
)

// action says in a few words what a step does: short enough for a column, and without the C text
// that its line shows.
func action(s *search.TraceStep) string {
	if s.Label != model.Normal {
		return s.Label.String()
	}
	if s.Deed != "" {
		return s.Deed
	}
	switch s.Op {
	case model.OpLock, model.OpUnlock, model.OpRemove:
		return s.Op.String() + " " + s.Object
	case model.OpTryLock:
		return "trylock " + s.Object + reports.Choose(len(s.Changes) > 0, ": locked", ": busy")
	case model.OpFind:
		return "find " + s.Object + reports.Choose(len(s.Changes) > 0, ": locked", ": gone")
	case model.OpWait:
		return "wait on " + s.Object
	case model.OpReacquire:
		if s.Object == "" {
			return "wakes"
		}
		return "wakes, locks " + s.Object
	case model.OpSignal, model.OpBroadcast:
		verb := s.Op.String() + " " + s.Object
		for _, outcome := range []string{": nobody waits", ": wakes T"} {
			if i := strings.LastIndex(s.Operation, outcome); i >= 0 {
				return verb + s.Operation[i:]
			}
		}
		return verb
	case model.OpLoad:
		return "read " + s.Object + after(s, ": ")
	case model.OpStore, model.OpUpdate:
		return "set " + s.Object + after(s, " = ")
	case model.OpRef, model.OpUnref:
		return s.Op.String() + " " + s.Object + after(s, " = ")
	case model.OpAccess:
		// access(x) in a helper that stands for something: qemuMonitorCommand
		if len(s.Calls) > 1 && strings.HasPrefix(s.Operation, "access(") {
			return s.Function + "(" + s.Object + ")"
		}
	}
	return s.Operation
}

// after is the value of the step's variable when the step is done: the owner of a job, else a
// number or an object.
func after(s *search.TraceStep, prefix string) string {
	for _, v := range s.After.Vars {
		if v.Name == s.Object {
			return prefix + v.Value
		}
	}
	for _, l := range s.After.Locks {
		if l.Name != s.Object {
			continue
		}
		if l.Owner == model.None {
			return prefix + "free"
		}
		return prefix + "T" + strconv.Itoa(l.Owner+1)
	}
	return ""
}
