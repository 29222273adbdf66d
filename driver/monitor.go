package driver

import (
	"errors"
	"time"
)

// A Monitor is the connection to one QEMU: qemuMonitor. Its fields below lock are guarded by it. It
// is referenced by its domain, by its event goroutine, and by each caller inside it.
type Monitor struct {
	driver *Driver
	domain *Domain
	name   string

	lock      Mutex
	refs      cell[int]
	notify    Cond // pending has its answer, or failed was set
	pending   cell[*command]
	failed    cell[error]     // why the connection is of no use any more
	transport cell[Transport] // set by the event goroutine when it is open
	serial    cell[uint64]    // of the last command
}

// A command waits for its answer: qemuMonitorMessage. The monitor's lock guards it.
type command struct {
	id     uint64 // 0: the greeting, for which nobody asked
	answer answer
	done   bool
}

// errMonitorClosed is the reason of commands on a monitor that the driver closed.
var errMonitorClosed = errors.New("the monitor was closed")

// newMonitor makes a monitor with one reference: its domain's. It is not open yet.
func newMonitor(d *Driver, vm *Domain) *Monitor {
	name := vm.name + ".mon"
	lock := d.rt.NewMutex(name + ".lock")
	return &Monitor{
		driver:  d,
		domain:  vm,
		name:    name,
		lock:    lock,
		refs:    newCell(d.rt, name+".refs", lock, 1),
		notify:  d.rt.NewCond(name+".notify", lock),
		pending: newCell[*command](d.rt, name+".pending", lock, nil),
		failed:  newCell[error](d.rt, name+".failed", lock, nil),

		transport: newCell[Transport](d.rt, name+".transport", lock, nil),
		serial:    newCell[uint64](d.rt, name+".serial", lock, 0),
	}
}

// ref is qemuMonitorRef. The monitor is locked.
func (mon *Monitor) ref() {
	mon.lock.Held(MissingLock)
	mon.refs.store(mon.refs.load() + 1)
}

// release is qemuMonitorUnref followed by qemuMonitorUnlock: the last reference frees the monitor.
// The monitor is locked before and not afterwards.
func (mon *Monitor) release() {
	n := mon.refs.load() - 1
	mon.refs.store(n)
	if n < 0 {
		mon.driver.rt.Fail(RefCount, mon.name+" loses a reference that nobody has")
	}
	if n == 0 {
		mon.lock.Destroy()
		return
	}
	mon.lock.Unlock()
}

// close is qemuMonitorClose, for the domain's reference: commands under way fail. Nothing that a
// caller inside the monitor may want is held, so in particular the domain is not locked.
func (mon *Monitor) close() {
	mon.lock.Lock()
	mon.fail(errMonitorClosed)
	mon.release()
}

// fail gives the connection up. The first reason stays. The monitor is locked.
func (mon *Monitor) fail(reason error) {
	if mon.failed.load() != nil {
		return
	}
	mon.failed.store(reason)
	if t := mon.transport.load(); t != nil {
		t.Close()
	}
	mon.notify.Broadcast()
}

// execute is qemuMonitorSend with its wrappers: it sends a command and waits for the answer, with
// the monitor lock dropped for the wait. The caller has the monitor lock, has entered the monitor,
// and has nothing else locked.
func (mon *Monitor) execute(name string, arguments any) (answer, error) {
	mon.lock.Held(NotInMonitor)
	mon.domain.lock.NotHeld(Requires)
	mon.driver.lock.NotHeld(Requires)
	if err := mon.failed.load(); err != nil {
		return answer{}, mon.gone(err)
	}
	if mon.pending.load() != nil {
		mon.driver.rt.Fail(NoJob, "two callers are inside "+mon.name+" at once")
	}
	cmd := &command{id: mon.serial.load() + 1}
	mon.serial.store(cmd.id)
	mon.pending.store(cmd)
	defer mon.pending.store(nil)
	line, err := encodeCommand(name, arguments, cmd.id)
	if err != nil {
		return answer{}, err
	}
	if err := mon.transport.load().Send(line); err != nil {
		mon.fail(err)
	}
	if err := mon.await(cmd); err != nil {
		return answer{}, mon.gone(err)
	}
	if cmd.answer.Error != nil {
		return answer{}, &Error{Refused, mon.domain.name, cmd.answer.Error}
	}
	return cmd.answer, nil
}

// await waits until a command has its answer. A QEMU that does not answer in time is given up, as
// if it had died.
func (mon *Monitor) await(cmd *command) error {
	d := mon.driver
	var deadline time.Time
	for !cmd.done {
		if err := mon.failed.load(); err != nil {
			return err
		}
		if deadline.IsZero() {
			deadline = d.rt.Now().Add(d.opts.CommandTimeout)
		}
		if !mon.notify.WaitUntil(deadline) && !cmd.done {
			mon.fail(errNoAnswer)
		}
	}
	return nil
}

var errNoAnswer = errors.New("QEMU did not answer in time")

func (mon *Monitor) gone(reason error) error {
	return &Error{MonitorGone, mon.domain.name, reason}
}
