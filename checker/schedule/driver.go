package schedule

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/driver"
)

// A Start is how a domain is when the threads begin.
type Start string

// The starts.
const (
	Up        Start = "running"
	Down      Start = "stopped"
	Undefined Start = "transient" // runs, but is not defined any more
	Absent    Start = "absent"
)

// A DriverConfig describes a program over a fresh [driver.Driver] with simulated QEMUs.
type DriverConfig struct {
	Threads []ThreadSpec
	// Starts tells how domains begin; those that are not in it run.
	Starts map[string]Start
	// History records what the threads do. It may be nil. With it the beginnings and ends of calls
	// are steps, so that every order of calls in time is tried. It is not looked at where a thread
	// shuts the driver down, for no order of calls explains what that does.
	History Recording
}

// A Recording makes a recorder for one run: who observes the goroutine of a name, and what is to be
// said of all that they saw when the threads have finished and the driver is not closed yet.
type Recording func() (observe func(name string) driver.Observer, judge func(context.Context) error)

// Driver is the program that a configuration describes. When its threads have finished it checks
// that every job is free, that no reference is missing or left, and that the driver's picture of
// each guest is right.
func Driver(c DriverConfig) *Program {
	p := &Program{}
	for _, t := range c.Threads {
		p.Threads = append(p.Threads, t.Name)
	}
	p.Name = strings.Join(p.Threads, ", ")
	shutsDown := func(t ThreadSpec) bool {
		return slices.ContainsFunc(t.Calls, func(a Action) bool { return a.Shutdown })
	}
	if slices.ContainsFunc(c.Threads, shutsDown) {
		c.History = nil
	}
	domains := c.domains()
	p.New = func(rt driver.Runtime) Instance { return c.instance(rt, domains) }
	return p
}

// Check refuses a configuration with domains that no thread uses, and one with more threads and
// QEMUs than a run can have.
func (c *DriverConfig) Check() error {
	used := map[string]bool{}
	for _, t := range c.Threads {
		for _, a := range t.Calls {
			used[a.Call.Domain] = true
		}
	}
	qemus := 0
	for _, name := range c.domains() {
		if !used[name] {
			return fmt.Errorf("no thread uses %s", name)
		}
		if s := c.Starts[name]; s != Down && s != Absent {
			qemus++
		}
	}
	if n := len(c.Threads) + qemus; n > maxThreads {
		return fmt.Errorf("%d threads and the event goroutines of %d domains are more than the %d that a run can have",
			len(c.Threads), qemus, maxThreads)
	}
	return nil
}

// domains are the names that occur, in order.
func (c *DriverConfig) domains() []string {
	var names []string
	for _, t := range c.Threads {
		for _, a := range t.Calls {
			if !a.Shutdown {
				names = append(names, a.Call.Domain)
			}
		}
	}
	for name := range c.Starts {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// driverRun is one run of a driver program.
type driverRun struct {
	driver  *driver.Driver
	qemu    *driver.SimulatedHypervisor
	results [][]driver.Result
}

func (c *DriverConfig) instance(rt driver.Runtime, domains []string) Instance {
	r := &driverRun{qemu: driver.Simulated(rt)}
	o := driver.Options{Hypervisor: r.qemu, JobTimeout: jobPatience, CommandTimeout: commandPatience}
	in := Instance{
		Finish:    r.finish,
		Owner:     r.owner,
		Explain:   r.explain,
		Outcome:   func() string { return r.outcome(c.Threads) },
		Permanent: []string{"driver.lock", "hypervisor.lock"},
	}
	if c.History != nil {
		o.Observe, in.Judge = c.History()
	}
	if w, ok := rt.(*world); ok {
		if o.Observe != nil {
			o.Observe = w.watched(o.Observe)
		}
		o.Observe = w.underRules(o.Observe)
		w.patience = ofDriver
	}
	r.driver = driver.New(rt, o)
	setUp := r.driver.Connect("set-up")
	for _, name := range domains {
		if err := prepare(setUp, name, c.Starts[name]); err != nil {
			rt.Fail(driver.AssertFailed, "the domains could not be set up: "+err.Error())
		}
	}
	r.results = make([][]driver.Result, len(c.Threads))
	for i, t := range c.Threads {
		conn := r.driver.Connect(t.Name)
		in.Bodies = append(in.Bodies, func() { r.run(conn, i, t.Calls) })
	}
	return in
}

// prepare brings a domain to its start.
func prepare(c *driver.Conn, name string, s Start) error {
	if s == Absent {
		return nil
	}
	if err := c.Define(name, 1024); err != nil || s == Down {
		return err
	}
	if err := c.Start(name); err != nil || s != Undefined {
		return err
	}
	return c.Undefine(name)
}

// run is the body of a thread.
func (r *driverRun) run(c *driver.Conn, thread int, actions []Action) {
	for _, a := range actions {
		switch {
		case a.Crash:
			r.qemu.Crash(a.Call.Domain)
		case a.Event != "":
			r.qemu.Emit(a.Call.Domain, a.Event)
		case a.Shutdown:
			r.driver.Close()
		default:
			r.results[thread] = append(r.results[thread], c.Do(a.Call))
		}
	}
}

// finish checks the driver and closes it.
func (r *driverRun) finish() error {
	for _, s := range r.driver.Inspect() {
		if err := r.check(s); err != nil {
			return err
		}
	}
	r.driver.Close()
	return nil
}

// check looks at a domain that nobody uses: its list has a reference, and its event goroutine if it
// runs.
func (r *driverRun) check(s driver.DomainStatus) error {
	if s.JobOwner != "" {
		return &leakedJob{s.Name, s.JobOwner, s.Job}
	}
	references := 1
	if s.Attached {
		references++
	}
	if s.References != references {
		return &leakedReference{s.Name, s.References, references}
	}
	if !s.Attached && s.Info.State != driver.Shutoff {
		return &revived{s.Name, s.Info.State}
	}
	if guest, ok := r.qemu.Guest(s.Name); ok && s.Attached &&
		(guest.State != s.Info.State || guest.Memory != s.Info.Memory) {
		return fmt.Errorf("%s is %s with %d KiB for the driver, and %s with %d KiB in truth",
			s.Name, s.Info.State, s.Info.Memory, guest.State, guest.Memory)
	}
	return nil
}

// outcome is all results, thread by thread.
func (r *driverRun) outcome(threads []ThreadSpec) string {
	var b strings.Builder
	for i, t := range threads {
		fmt.Fprintf(&b, "%s:", t.Name)
		for _, x := range r.results[i] {
			fmt.Fprintf(&b, " %s/%s/%d", x.Code, x.Info.State, x.Info.Memory)
		}
		b.WriteString("; ")
	}
	return b.String()
}

// owner is the thread that has the job which the waiters of a condition wait for.
func (r *driverRun) owner(cond string) string {
	name, ok := strings.CutSuffix(cond, ".jobCond")
	if !ok || r.driver == nil {
		return ""
	}
	for _, s := range r.driver.Inspect() {
		if s.Name == name {
			return s.JobOwner
		}
	}
	return ""
}

// explain tells whose the jobs are.
func (r *driverRun) explain() []string {
	if r.driver == nil {
		return nil
	}
	var lines []string
	for _, s := range r.driver.Inspect() {
		if s.JobOwner != "" {
			lines = append(lines, fmt.Sprintf("the %s job of %s belongs to %s", s.Job, s.Name, s.JobOwner))
		}
	}
	return lines
}
