package schedule

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/driver"
)

// An orderOf is what a history says: each call with its result, and which calls were over when it
// began.
type orderOf struct{ calls []orderedCall }

type orderedCall struct {
	text  string
	after []string
	over  bool
}

func (o *orderOf) observe(name string) driver.Observer { return &orderedClient{order: o, name: name} }

func (o *orderOf) String() string {
	var lines []string
	for _, c := range o.calls {
		slices.Sort(c.after)
		lines = append(lines, fmt.Sprintf("%s after %s", c.text, strings.Join(c.after, ", ")))
	}
	slices.Sort(lines)
	return strings.Join(lines, "; ")
}

type orderedClient struct {
	order *orderOf
	name  string
	at    int
	n     int
}

func (c *orderedClient) Called(call driver.Call) {
	c.n++
	x := orderedCall{text: fmt.Sprintf("%s %d %s", c.name, c.n, call.Op)}
	for _, other := range c.order.calls {
		if other.over {
			x.after = append(x.after, other.text)
		}
	}
	c.at = len(c.order.calls)
	c.order.calls = append(c.order.calls, x)
}

func (c *orderedClient) Returned(_ driver.Call, r driver.Result) {
	x := &c.order.calls[c.at]
	x.over = true
	x.text += fmt.Sprintf(" = %s %v", r.Code, r.Info)
}

func (c *orderedClient) Job(driver.JobEvent) {}

// The reduction keeps every history: which calls were over when others began, and what they
// returned.
func TestReductionKeepsHistories(t *testing.T) {
	for _, tt := range []struct {
		threads string
		start   Start
		most    int // histories that there are
	}{
		{"info(vm1) x2", Up, 3},
		{"info(vm1), info(vm2)", Up, 3},
		{"info(vm1), info(vm2)+info(vm2)", Up, 6},
		{"info(vm1) x3", Up, 19}, // labelled interval orders of three
		{"define(vm1), info(vm1)", Absent, 4},
		{"undefine(vm1) x2", Down, 4},
		{"crash(vm1), info(vm1)", Undefined, 4},
		{"event(vm2), info(vm1)", Up, 1},
	} {
		t.Run(strings.ReplaceAll(tt.threads, ", ", "|"), func(t *testing.T) {
			histories := func(s Strategy) []string {
				seen := map[string]int{}
				p := Driver(DriverConfig{Threads: mustParse(t, tt.threads), Starts: map[string]Start{"vm1": tt.start}, History: func() (func(string) driver.Observer, func(context.Context) error) {
					o := &orderOf{}
					return o.observe, func(context.Context) error { seen[o.String()]++; return nil }
				}})
				r := outcomes(t, p, Options{Strategy: s})
				t.Logf("%s: %d runs, %d histories", s, r.Runs, len(seen))
				return keys(seen)
			}
			all := histories(Plain)
			if d := cmp.Diff(all, histories(Exhaustive)); d != "" {
				t.Errorf("histories differ (-plain +reduced):\n%s", d)
			}
			if len(all) != tt.most {
				t.Errorf("%d histories, want %d", len(all), tt.most)
			}
		})
	}
}
