package linear

import (
	"math"

	"github.com/lockproof/lockproof/driver"
)

// Never is the time of what has not happened.
const Never = math.MaxInt64

// An Operation is a call, or the death of a QEMU, and what came of it. Times are those of the
// recorder's clock.
type Operation struct {
	Client   string
	Call     driver.Call
	From, To int64 // To is Never while the call is under way
	Code     driver.Code
	Info     driver.Info // what info returned; its State for query; its Persistent for died
}

// pending reports whether the result is unknown.
func (o *Operation) pending() bool { return o.To == Never }

// A Job is one job, or one that was refused.
type Job struct {
	Client  string
	Domain  string
	Object  int // the domain object, for names are used again
	Type    JobType
	Asked   int64
	Begun   int64 // Never if it was refused or is still waited for
	Ended   int64 // when it was ended or refused; Never before
	Refused bool
}

// wait is from when to when the job was waited for, up to now if it still is.
func (j *Job) wait(now int64) (from, to int64) { return j.Asked, min(j.Begun, j.Ended, now) }

// A History is what happened up to a quiet moment: no call is under way at Cut, unless it never
// returns. The next history of the same run begins there.
type History struct {
	Operations []Operation
	Jobs       []Job
	Cut        int64
}

// A JobType says for what a job is. The first four are the driver's; the others came with libvirt
// 0.9.
type JobType uint8

// The types of jobs.
const (
	Query   = JobType(driver.QueryJob)
	Modify  = JobType(driver.ModifyJob)
	Destroy = JobType(driver.DestroyJob)
	Long    = JobType(driver.LongJob)
	// Async is a job that lets others in: queries and destroys of anybody, and nested jobs of its
	// owner.
	Async JobType = iota
	// Nested is a job that the owner of an async job begins for one command.
	Nested
)

var jobNames = [...]string{"query", "modify", "destroy", "long", "async", "nested"}

func (t JobType) String() string { return jobNames[t] }

// ParseJobType reads what [JobType.String] prints.
func ParseJobType(name string) (JobType, bool) {
	for i, n := range jobNames {
		if n == name {
			return JobType(i), true
		}
	}
	return 0, false
}
