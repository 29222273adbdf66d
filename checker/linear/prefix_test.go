package linear

import (
	"strings"
	"testing"
	"time"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// A line that is cut off anywhere is a problem at the place where it ends, or before it, and no
// more.
func TestCutOffLines(t *testing.T) {
	const header = `{"history":1}` + "\n"
	for _, line := range []string{
		`{"call":"info","domain":"vm1","client":"c","from":1,"to":-22}`,
		`{ "end" : 5 , "complete" : true }`,
		`{"cut":5}`,
	} {
		for n := range len(line) {
			got := problemsOf(t, NewReader("f", strings.NewReader(header+line[:n])))
			if at := "f:2:"; n > 0 && !strings.HasPrefix(got, at) {
				t.Errorf("%s: %s", line[:n], got)
			}
		}
	}
}

// What comes one after the other takes one try each, by porcupine's own model and by ours.
func TestTriesAreCounted(t *testing.T) {
	s := NewChecker(Options{}).api
	define := &Operation{Call: driver.Call{Op: driver.OpDefine, Domain: "vm1", Arg: 1}}
	info := &Operation{Call: driver.Call{Op: driver.OpInfo, Domain: "vm1"}, Info: driver.Info{Memory: 1, Persistent: true}}
	items := []item[apiCall]{{1, 2, 1, &apiCall{Operation: define}}}
	for i := range int64(4) {
		items = append(items, item[apiCall]{3 + 2*i, 4 + 2*i, 1, &apiCall{Operation: info}})
	}
	w := &window[domain, apiCall]{before: []situation[domain]{{}}, items: items, end: 99}
	budget := func(most int64) *budget {
		return (&bounds{left: time.Hour, memory: 1 << 30, most: most}).budget(t.Context())
	}
	if b := budget(0); w.judge(t.Context(), s, b) != OK || b.steps != 5 {
		t.Errorf("porcupine took %d tries for five calls", b.steps)
	}
	if b := budget(4); w.judge(t.Context(), s, b) != Unknown || b.over != model.PatienceLimit {
		t.Error("four tries are enough for five calls")
	}
	b := budget(0)
	if after, _ := w.explore(t.Context(), s, b); len(after) != 1 || b.steps != 5 {
		t.Errorf("%d situations after %d tries", len(after), b.steps)
	}
}
