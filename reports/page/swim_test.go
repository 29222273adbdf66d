package page

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/reportstest"
)

// begun lists the waits of which a drawing has an arrow. Those below the last step have a label as
// well, and are not listed.
func begun(steps []reports.Step) []string {
	r := reportstest.HandMade(3)
	c := r.Counterexample
	c.Steps = steps
	var waits []string
	for _, part := range strings.Split(SVGLanes(&r, c), `<g class="waits"><title>`)[1:] {
		arrow, _, _ := strings.Cut(part, "</g>")
		if !strings.Contains(arrow, "<text") {
			title, _, _ := strings.Cut(arrow, "<")
			waits = append(waits, title)
		}
	}
	return waits
}

// An arrow is drawn where a wait begins: below the step with which a thread comes to it, be that
// its first.
func TestSwimBeginnings(t *testing.T) {
	step := func(thread int, held string, waits ...reports.Wait) reports.Step {
		s := reportstest.HandMade(3).Counterexample.Steps[0]
		s.Thread, s.Waits, s.Failed, s.Held = thread, waits, "", nil
		if held != "" {
			s.Held = []string{held}
		}
		return s
	}
	two := reports.Wait{Thread: 2, For: "vm1.lock", Holder: 1}
	three := reports.Wait{Thread: 3, For: "vm1.lock", Holder: 1}
	other := reports.Wait{Thread: 3, For: "driver.lock", Holder: 2}
	const arrow, arrow3, arrowOther = "T2 waits for vm1.lock, which T1 has", "T3 waits for vm1.lock, which T1 has", "T3 waits for driver.lock, which T2 has"
	for name, c := range map[string]struct {
		steps []reports.Step
		want  []string
	}{
		"with its first step": {[]reports.Step{step(1, "vm1.lock"), step(2, "", two), step(1, "vm1.lock", two)}, []string{arrow}},
		"with a later step":   {[]reports.Step{step(2, ""), step(1, "vm1.lock"), step(2, "", two), step(1, "vm1.lock", two)}, []string{arrow}},
		"with another's step": {[]reports.Step{step(2, ""), step(1, "vm1.lock", two), step(1, "vm1.lock", two)}, []string{arrow}},
		"before it has moved": {[]reports.Step{step(1, "vm1.lock", two), step(1, "vm1.lock", two)}, nil},
		"before its first step": {
			[]reports.Step{step(1, "vm1.lock", two), step(1, "", two), step(1, ""), step(2, ""), step(1, "")}, nil,
		},
		"once as long as it lasts":  {[]reports.Step{step(1, "vm1.lock"), step(2, "", two), step(3, "", two), step(1, "vm1.lock", two)}, []string{arrow}},
		"again":                     {[]reports.Step{step(1, "vm1.lock"), step(2, "", two), step(1, ""), step(1, "vm1.lock", two), step(1, "vm1.lock")}, []string{arrow, arrow}},
		"two at one step":           {[]reports.Step{step(2, ""), step(3, ""), step(1, "vm1.lock", two, three), step(1, "vm1.lock", two, three)}, []string{arrow, arrow3}},
		"for another":               {[]reports.Step{step(2, "driver.lock"), step(1, "vm1.lock"), step(3, "", three), step(3, "", other), step(1, "vm1.lock")}, []string{arrow3, arrowOther}},
		"for nobody":                {[]reports.Step{step(1, "vm1.lock"), step(2, "", reports.Wait{Thread: 2, For: "vm1.cond"}), step(1, "vm1.lock")}, nil},
		"not with the last step":    {[]reports.Step{step(1, "vm1.lock"), step(2, "", two)}, nil},
		"of what ended in the last": {[]reports.Step{step(1, "vm1.lock"), step(2, "", two), step(1, "")}, []string{arrow}},
	} {
		if diff := cmp.Diff(c.want, begun(c.steps)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
