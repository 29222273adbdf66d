package stress

import (
	"slices"
	"testing"
)

// A real QEMU can have just those faults that are caused from outside of it: a load with them is
// accepted, one with any other is not.
func TestQEMUFaults(t *testing.T) {
	for _, f := range Faults() {
		o := Options{QEMU: "qemu", Faults: []Fault{f}}
		if got, want := o.Check() == nil, slices.Contains(QEMUFaults(), f); got != want {
			t.Errorf("%s: accepted: %v, listed: %v", f, got, want)
		}
		o = Options{Faults: []Fault{f}}
		if err := o.Check(); err != nil {
			t.Errorf("%s without a QEMU: %v", f, err)
		}
	}
	o := Options{QEMU: "qemu", Faults: QEMUFaults()}
	if err := o.Check(); err != nil || len(o.Faults) != 9 {
		t.Error(o.Faults, err)
	}
	o = Options{QEMU: "qemu", Faults: Faults()}
	if err := o.Check(); err == nil || err.Error() != "a real QEMU has only the faults qemu-death,job-timeout,removal,silence,late-answer,nonsense,half-start,no-descriptors,no-space" {
		t.Error(err)
	}
}
