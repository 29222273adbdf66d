package conform

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockproof/lockproof/checker/conform/era"
	"github.com/lockproof/lockproof/checker/schedule/coroutine"
	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// plantedHelpers are wrong helpers, each in place of the driver's, with the scenario of the library
// that shows it and what is said.
var plantedHelpers = []struct {
	name, function, scenario, says string
	wrong                          function
}{
	{
		"touch looks at nothing", "touch", "call-patterns:one-relock", "is about to access",
		func(*thread, []interp.Value) interp.Value { return interp.Value{} },
	},
	{
		"command asks nothing", "qemuMonitorCommand", "call-patterns:one-query", "is about to access",
		func(*thread, []interp.Value) interp.Value { return interp.Value{} },
	},
	{
		"a count is read after the end", "virDomainRemoveInactive", "removal:two-removals", string(driver.UseAfterRelease),
		onDomain(1, func(t *thread, d *domain) int {
			ofMail(t).RemoveInactive(d.vm.(*era.Domain))
			(&variable{mutex: t.world.mutexes[d.name+".lock"], count: true}).Read()
			return 0
		}),
	},
	{
		"a variable is read without its lock", "virDomainObjUnlock", "call-patterns:one-query", string(driver.MissingLock),
		onDomain(0, func(t *thread, d *domain) int {
			ofMail(t).Unlock(d.vm.(*era.Domain))
			t.world.NewVar(d.name+".process", t.world.mutexes[d.name+".lock"]).Read()
			return 0
		}),
	},
	{
		"EndJob says one too many", "qemuDomainObjEndJob", "call-patterns:one-query", "references",
		onDomain(0, counted(func(h era.Helpers, vm *era.Domain) int { return h.EndJob(vm) + 1 })),
	},
	{
		"BeginJob succeeds without a job", "qemuDomainObjBeginJob", "call-patterns:two-queries", "is begun",
		onDomain(0, begun(func(era.Helpers, *era.Domain) error { return nil })),
	},
	{
		"BeginJob fails with a job", "qemuDomainObjBeginJob", "call-patterns:two-queries", "is refused",
		onDomain(0, begun(func(h era.Helpers, vm *era.Domain) error {
			if err := h.BeginJob(vm); err != nil {
				return err
			}
			return &driver.Error{}
		})),
	},
}

// ofMail are the helpers of a thread, where they are those of an old protocol.
func ofMail(t *thread) era.Helpers { return t.helpers.(era.Helpers) }

func TestPlantedHelpers(t *testing.T) {
	for _, p := range plantedHelpers {
		t.Run(p.name, func(t *testing.T) {
			c := library(t, p.scenario)
			c.replace(p.function, p.wrong)
			r, err := Compare(t.Context(), c, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Mismatch == nil || !strings.Contains(r.Mismatch.Message, p.says) {
				t.Errorf("found %v, want something with %q", r.Mismatch, p.says)
			}
		})
	}
}

// TestStart lets driver and model differ before the first step: however they are compared, it
// shows.
func TestStart(t *testing.T) {
	c := library(t, "call-patterns:one-query")
	c.replace("qemuDriverLock", do(func(*thread) {}))
	for _, o := range []Options{{}, {Walks: 1, MaxSteps: 1}} {
		r, err := Compare(t.Context(), c, o)
		if err != nil || r.Mismatch == nil || len(r.Mismatch.Schedule) > 0 {
			t.Errorf("%+v, %v", r, err)
		}
	}
	if r, err := Follow(t.Context(), c, nil); err != nil || r.Mismatch == nil {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestOrder asks which rule the driver names where a step breaks two: that about the lock comes
// first, as in the model.
func TestOrder(t *testing.T) {
	w, end := begin(corner(t, "end-unlocked"))
	defer end()
	if f := w.threads[0].next.fails; f.kind != model.MissingLock {
		t.Errorf("%+v", f)
	}
}

// TestPlantedObjects gives a thread another domain, and another monitor, than those that it asks
// for.
func TestPlantedObjects(t *testing.T) {
	for says, plant := range map[string]func(one, other *domain){
		"finds another domain":   func(one, other *domain) { one.vm = other.vm },
		"enters another monitor": func(one, other *domain) { one.mon = other.mon },
	} {
		w, end := begin(library(t, "call-patterns:two-domains"))
		plant(w.domains["vm1"], w.domains["vm2"])
		var f *failure
		for f == nil && !w.threads[0].finished {
			f = w.threads[0].step(move{way: way{model.Normal, model.None}})
		}
		if f == nil || !strings.Contains(f.message, says) {
			t.Errorf("%+v, want something with %q", f, says)
		}
		end()
	}
}

// TestWithoutVariables changes what the scenario has no variables for: the model's values are those
// of the start.
func TestWithoutVariables(t *testing.T) {
	for says, change := range map[string]func(era.Helpers, *era.Domain){
		"vm1.refs":  func(h era.Helpers, vm *era.Domain) { h.Ref(vm) },
		"the list":  func(h era.Helpers, vm *era.Domain) { h.Ref(vm); h.RemoveInactive(vm) },
		"vm1's job": func(h era.Helpers, vm *era.Domain) { _ = h.BeginJob(vm); h.Unref(vm) },
	} {
		c := corner(t, "constant")
		w, end := begin(c)
		m, err := model.NewMachine[[1]uint64](c.Program)
		if err != nil {
			t.Fatal(err)
		}
		start := m.Initial(0)
		against := comparer[[1]uint64]{m: m, w: w, s: &start}
		if d := against.states(); d != nil {
			t.Fatal(d)
		}
		change(w.threads[0].helpers.(era.Helpers), w.domains["vm1"].vm.(*era.Domain))
		if d := against.states(); d == nil || !strings.Contains(d.message, says) {
			t.Errorf("%+v, want something with %q", d, says)
		}
		end()
	}
}

// TestDeadline lets a sleeper give up only where there is a deadline to come.
func TestDeadline(t *testing.T) {
	now := (*world)(nil).Now()
	for name, row := range map[string]struct {
		deadline time.Time
		ways     int
	}{
		"never":  {time.Time{}, 0},
		"passed": {now, 0},
		"later":  {now.Add(1), 1},
	} {
		t.Run(name, func(t *testing.T) {
			c := corner(t, "stolen")
			c.replace("qemuDriverLock", do(func(t *thread) { t.world.conds["vm1.jobCond"].WaitUntil(row.deadline) }))
			w, end := begin(c)
			defer end()
			x := w.threads[0]
			w.mutexes["vm1.lock"].owner = x
			x.step(move{way: way{model.Normal, model.None}})
			if got := x.ways(); x.next.op != model.OpSleep || len(got) != row.ways {
				t.Errorf("about to %s in the ways %v", x.next.op, got)
			}
		})
	}
}

// replace puts a function in place of the driver's, for one case.
func (c *Case) replace(name string, f function) {
	c.functions = maps.Clone(c.functions)
	c.functions[name] = f
}

// begin brings a world to its start.
func begin(c *Case) (w *world, end func()) {
	var pool coroutine.Pool
	w = newWorld(c, make([]model.Chose, len(c.Bodies)), &pool, false)
	return w, func() {
		w.end(&pool)
		pool.Close()
	}
}

// corner is the case of a scenario in testdata.
func corner(t *testing.T, name string) *Case {
	t.Helper()
	suites, err := scenarios.Load(t.Context(), "testdata/corners.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return found(t, suites, "corners:"+name)
}

func library(t *testing.T, ref string) *Case {
	t.Helper()
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	return found(t, suites, ref)
}

func found(t *testing.T, suites []*scenarios.Suite, ref string) *Case {
	t.Helper()
	scs, err := scenarios.Find(t.Context(), suites, ref)
	if err != nil {
		t.Fatal(err)
	}
	c, err := FromScenario(t.Context(), scs[0])
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestOtherCalls runs another call of the driver in the place of each: in some scenario of the
// library it shows.
func TestOtherCalls(t *testing.T) {
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(callsOf)) {
		for _, other := range slices.Sorted(maps.Keys(callsOf)) {
			if other != name && !differs(t, suites, name, other) {
				t.Errorf("%s passes for %s", other, name)
			}
		}
	}
}

// differs reports whether some scenario in which a call is made differs from the model when another
// is made.
func differs(t *testing.T, suites []*scenarios.Suite, name, other string) bool {
	for _, s := range suites {
		if s.Protocol != today {
			continue
		}
		for _, sc := range s.Scenarios {
			c, err := FromScenario(t.Context(), sc)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(c.Bodies, func(b Body) bool { return b.Function == name }) {
				continue
			}
			c.replace(name, ofCalls[other])
			r, err := Compare(t.Context(), c, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Mismatch != nil {
				return true
			}
		}
	}
	return false
}
