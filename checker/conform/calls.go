package conform

import (
	"maps"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/driver"
)

// withEvents adds the event goroutine of a domain, which is the driver's own code: QEMU says
// something now and then, and is gone in the end.
func withEvents(fs functions) functions {
	serve := func(t *thread, d *domain, events int) {
		t.call(d, func() { _ = t.helpers.(driver.Helpers).Conn().Serve(d.name, events) })
	}
	fs["qemuMonitorIO"] = func(t *thread, args []interp.Value) interp.Value {
		serve(t, t.domain(args[0]), int(args[1].Int))
		return interp.Value{}
	}
	fs["qemuProcessDied"] = func(t *thread, args []interp.Value) interp.Value {
		d := t.domain(args[0])
		if !t.nondet() {
			serve(t, d, 0)
		}
		return interp.Value{}
	}
	return fs
}

// callsOf are the driver's calls, by the functions of the library's daemon.c that do the same in C.
var callsOf = map[string]driver.Call{
	"dquery":    {Op: driver.OpQuery},
	"dchange":   {Op: driver.OpSuspend},
	"dmemory":   {Op: driver.OpSetMemory, Arg: 2048},
	"dlong":     {Op: driver.OpLongJob, Arg: 1},
	"dinfo":     {Op: driver.OpInfo},
	"ddefine":   {Op: driver.OpDefine, Arg: 1024},
	"dundefine": {Op: driver.OpUndefine},
	"ddestroy":  {Op: driver.OpDestroy},
	"dwait":     {Op: driver.OpWait},
}

// withCalls adds the driver's calls.
func withCalls(fs functions) functions {
	fs = maps.Clone(fs)
	for name, call := range callsOf {
		fs[name] = func(t *thread, args []interp.Value) interp.Value {
			d := t.domain(args[0])
			call := call
			call.Domain = d.name
			t.call(d, func() { t.helpers.(driver.Helpers).Conn().Do(call) })
			return interp.Value{}
		}
	}
	return fs
}

// call runs the driver's own code, which looks its domain up by itself.
func (t *thread) call(d *domain, f func()) {
	t.looking = d.name
	f()
	t.looking = ""
}
