package schedule

import (
	"fmt"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// A CheckError is a failed check that knows which rule was broken. Other errors of
// [Instance.Finish] are failed asserts.
type CheckError interface {
	error
	Kind() model.Kind
}

type leakedJob struct {
	domain, owner string
	job           driver.JobType
}

func (e *leakedJob) Error() string {
	return fmt.Sprintf("%s has ended and still has the %s job of %s", e.owner, e.job, e.domain)
}

func (e *leakedJob) Kind() model.Kind { return model.JobLeak }

type leakedReference struct {
	domain    string
	has, want int
}

func (e *leakedReference) Error() string {
	return fmt.Sprintf("%s has %d references, and should have %d", e.domain, e.has, e.want)
}

func (e *leakedReference) Kind() model.Kind { return model.RefCount }

type revived struct {
	domain string
	state  driver.State
}

func (e *revived) Error() string {
	return fmt.Sprintf("%s is %s for the driver, but has no QEMU", e.domain, e.state)
}

func (e *revived) Kind() model.Kind { return model.StaleLiveness }
