package linear

import "fmt"

// A slot is the place for the job of one domain object: the sequential object that every history of
// jobs must look like. Owners are the numbers of clients, from 1; 0 is nobody.
type slot struct {
	owner int32
	async int32 // has the async job
	kind  JobType
}

// A jobAction is what happens to a slot.
type jobAction uint8

const (
	beginJob jobAction = iota
	refuseJob
	endJob
	idle // the history is over: nobody may have a job
)

// A jobStep is one action of one client. Beginning and refusal may take effect at any time since
// the job was asked for; the end is reported when it happens.
type jobStep struct {
	action jobAction
	owner  int32
	kind   JobType
	job    *Job // nil for idle
}

// stepSlot is the sequential slot. It is pure.
func stepSlot(s slot, j *jobStep) (slot, bool) {
	switch j.action {
	case beginJob:
		return s.begin(j)
	case refuseJob:
		_, free := s.begin(j)
		return s, !free // nobody gives up waiting for what is free
	case endJob:
		switch {
		case j.kind == Async && s.async == j.owner && s.owner == 0:
			s.async = 0
			return s, true
		case s.owner != j.owner || s.kind != j.kind || j.kind == Async:
			return s, false
		}
		s.owner, s.kind = 0, 0
		return s, true
	}
	return s, s.owner == 0 && s.async == 0
}

// begin gives the job away if it is free and what an async job lets in.
func (s slot) begin(j *jobStep) (slot, bool) {
	switch {
	case s.owner != 0:
		return s, false
	case j.kind == Async:
		ok := s.async == 0
		s.async = j.owner
		return s, ok
	case j.kind == Nested && s.async != j.owner,
		j.kind != Nested && s.async != 0 && j.kind != Query && j.kind != Destroy:
		return s, false
	}
	s.owner, s.kind = j.owner, j.kind
	return s, true
}

// describe names what happened.
func (j *jobStep) describe() string {
	if j.action == idle {
		return "the end: no job"
	}
	verb := [...]string{beginJob: "begins", refuseJob: "is refused", endJob: "ends"}[j.action]
	return fmt.Sprintf("%s %s a %s job of %s", j.job.Client, verb, j.kind, j.job.Domain)
}

// describeSlot says whose the job is.
func describeSlot(s slot, clients []string) string {
	name := func(n int32) string { return clients[n-1] }
	switch {
	case s.owner == 0 && s.async == 0:
		return "no job"
	case s.async == 0:
		return fmt.Sprintf("%s job of %s", s.kind, name(s.owner))
	case s.owner == 0:
		return "async job of " + name(s.async)
	}
	return fmt.Sprintf("async job of %s, %s job of %s", name(s.async), s.kind, name(s.owner))
}
