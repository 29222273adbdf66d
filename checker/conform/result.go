package conform

import (
	"fmt"

	"github.com/lockproof/lockproof/driver"
)

// What a helper returns is compared where it returns: a body need not look at it.

// counted is a helper that returns the references there are.
func counted[D subject, H any](f func(H, D) int) func(*thread, *domain) int {
	return func(t *thread, d *domain) int {
		n := f(t.helpers.(H), d.vm.(D))
		if refs := d.vm.Status().References; n != refs {
			t.fail(strange, fmt.Sprintf("a helper says that %s has %d references, and it has %d", d.name, n, refs))
		}
		return n
	}
}

// begun is a helper that returns with the job, or with an error.
func begun[D subject, H any](f func(H, D) error) func(*thread, *domain) int {
	return func(t *thread, d *domain) int {
		has := func() bool { return d.vm.Status().JobOwner == t.name() }
		before := has()
		switch err := f(t.helpers.(H), d.vm.(D)); {
		case err == nil && !has():
			t.fail(strange, "a helper says that the job of "+d.name+" is begun, and it is not")
		case err != nil && has() != before:
			t.fail(strange, "a helper says that the job of "+d.name+" is refused, and it is not")
		case err != nil:
			return -1
		}
		return 0
	}
}

func isActive[D subject, M comparable](t *thread, d *domain) int {
	active := helpersOf[D, M](t).IsActive(d.vm.(D))
	if active != (d.vm.Status().Info.State != driver.Shutoff) {
		t.fail(strange, "a helper does not say whether "+d.name+" runs")
	}
	return truth(active)
}

// entered is a helper that returns the monitor that it enters.
func entered[D subject, M comparable, H any](f func(H, D) M) func(*thread, *domain) int {
	return func(t *thread, d *domain) int {
		if f(t.helpers.(H), d.vm.(D)) != d.mon.(M) {
			t.fail(strange, "the driver enters another monitor than that of "+d.name)
		}
		return 0
	}
}
