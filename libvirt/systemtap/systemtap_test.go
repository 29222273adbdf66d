package systemtap_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/systemtap"
)

func read(t testing.TB, text string) *diagnose.Diagnosis {
	t.Helper()
	d, err := systemtap.Reader{}.Read(context.Background(), []diagnose.Input{{Name: "x", Reader: strings.NewReader(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// row is a line of qemu-monitor.stp.
func row(at float64, way, text string) string {
	return fmt.Sprintf("%7.3f %s 0x7f2dc0007960 %s\n", at, way, text)
}

func command(at float64, id int, name string) string {
	return row(at, ">", fmt.Sprintf(`{"execute":"%s","id":"libvirt-%d"} (fd=-1)`, name, id))
}

func answer(at float64, id int) string {
	return row(at, "<", fmt.Sprintf(`{"return": {}, "id": "libvirt-%d"}`, id))
}

func TestMonitor(t *testing.T) {
	t.Parallel()
	begin := "  0.000 begin\n"
	event := func(at float64, name string) string { return row(at, "!", `{"event": "`+name+`"}`) }
	for name, c := range map[string]struct {
		text  string
		cause diagnose.Cause
		since []float64
	}{
		"all answered": {begin + command(1, 1, "query-cpus") + event(1.2, "RESUME") + answer(1.5, 1), diagnose.CannotTell, nil},
		"silent":       {begin + command(1, 1, "query-cpus") + answer(2, 1) + command(5, 2, "query-blockstats") + event(60, "RTC_CHANGE"), diagnose.QEMUSilent, []float64{5}},
		"slow":         {begin + command(1, 1, "query-cpus") + answer(45, 1), diagnose.QEMUSilent, nil},
		"cut off":      {begin + command(1, 1, "query-cpus") + event(20, "STOP"), diagnose.CutOff, []float64{1}},
		"two at once":  {begin + command(1, 1, "query-cpus") + command(2, 2, "query-migrate") + answer(3, 2), diagnose.NoNestedJob, []float64{1}},
		"out of band":  {begin + command(1, 1, "query-cpus") + row(2, ">", `{"exec-oob":"migrate-pause","id":"libvirt-2"}`) + answer(3, 2) + answer(3, 1), diagnose.CannotTell, nil},
		"guest is off": {begin + command(1, 1, "system_powerdown") + event(2, "SHUTDOWN") + strings.Replace(command(90, 1, "x")+answer(91, 1), "7960", "7970", 2), diagnose.CannotTell, nil},
		"new guest":    {begin + command(1, 9, "query-cpus") + command(60, 1, "qmp_capabilities") + answer(61, 1), diagnose.CannotTell, nil},
		"id not seen":  {begin + command(1, 1, "query-qmp-schema") + row(2, "<", `{"return": [{"name": ....snip....`), diagnose.CannotTell, nil},
		"old monitor":  {row(1, ">", "info balloon") + row(2, "<", "balloon: actual=1"), diagnose.CannotTell, nil},
		"again":        {begin + command(1, 1, "query-cpus") + begin + command(2, 2, "query-cpus") + answer(3, 2), diagnose.CannotTell, nil},
	} {
		d := read(t, c.text)
		var since []float64
		for _, w := range d.Waiters {
			if w.For != diagnose.ForQEMU || w.TimedOut {
				t.Errorf("%s: %+v", name, w)
			}
			since = append(since, w.Since.Seconds())
		}
		if d.Cause != c.cause || fmt.Sprint(since) != fmt.Sprint(c.since) || d.Format != diagnose.SystemTap || len(d.Holders) > 0 {
			t.Errorf("%s: %s since %v, want %s since %v", name, d.Cause, since, c.cause, c.since)
		}
		if fault := c.cause == diagnose.QEMUSilent || c.cause == diagnose.NoNestedJob; d.Fault != fault {
			t.Errorf("%s: fault is %v", name, d.Fault)
		}
		if r := (systemtap.Reader{}).Recognise([]byte(c.text)); r != diagnose.Certain {
			t.Errorf("%s is not recognised", name)
		}
	}
}

// A thread holds a domain's lock by its stack and takes it again; the script says something else.
func TestLocks(t *testing.T) {
	t.Parallel()
	trace := " 0x7f6b162f4160 : virMutexLock+0x0/0x10 [/usr/lib64/libvirt.so.0.9.13]\n 0x7f6b1632c651 : virDomainObjLock+0x11/0x20 [/usr/lib64/libvirt.so.0.9.13]\n" +
		" 0x470dcc : qemuProcessHandleMonitorDestroy+0x1c/0x60 [/usr/sbin/libvirtd]\n 0x4717dd : qemuMonitorClose+0x9d/0xf0 [/usr/sbin/libvirtd]\n 0x4761ad : qemuProcessStop+0x16d/0x800 [/usr/sbin/libvirtd]\n" +
		" 0x4a23cf : qemuDomainDestroyFlags+0xcf/0x2a0 [/usr/sbin/libvirtd]\n 0x7f6b1637ff51 : virDomainDestroyFlags+0x91/0x130 [/usr/lib64/libvirt.so.0.9.13]\n"
	waits := " 0x7f6b162f4160 : virMutexLock+0x0/0x10 [/usr/lib64/libvirt.so.0.9.13]\n 0x7f6b1632c651 : virDomainFindByUUID+0x11/0x20 [/usr/lib64/libvirt.so.0.9.13]\n 0x4a23cf : qemuDomainGetXMLDesc+0xcf/0x2a0 [/usr/sbin/libvirtd]\n"
	d := read(t, "Started, press ^C when the process hangs\n\n\n=============\nThe following locks cannot be acquired:\nLock 0x7f6acc00a850 was locked in thread 753 with this trace:\n"+trace+
		"\nand is waiting to be locked by thread 753 here:\n"+trace+"\nand is waiting to be locked by thread 754 here:\n"+waits+"\n---\n")
	if d.Cause != diagnose.SelfDeadlock || d.Waiters[0].Thread != 753 || len(d.Waiters) != 2 || d.Holders[0].Thread != 753 && d.Holders[1].Thread != 753 {
		t.Errorf("%+v", d)
	}
	for _, h := range d.Holders {
		if h.Thread == 754 && h.Lock != "driver" {
			t.Errorf("%+v", h)
		}
	}
	d = read(t, "Started, press ^C when the process hangs\n\n\n=============\nNo deadlocks found, sorry.\n")
	if d.Cause != diagnose.CannotTell || d.Fault || len(d.Waiters) > 0 {
		t.Errorf("%+v", d)
	}
	// The script calls one waiting thread the owner; with its stack alone nothing is wrong.
	d = read(t, "The following locks cannot be acquired:\nLock 0x7f6acc00a850 was locked in thread 754 with this trace:\n"+waits+"\nand is waiting to be locked by thread 754 here:\n"+waits+"\n---\n")
	if d.Cause != diagnose.CannotTell || d.Fault || len(d.Waiters) != 1 {
		t.Errorf("%+v", d)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(command(1, 1, "query-cpus") + answer(2, 1) + command(3, 2, "x"))
	f.Add("Lock 0x1 was locked in thread 7 with this trace:\n 0x1 : virMutexLock+0x0/0x1 [x]\nand is waiting to be locked by thread 8 here:\n")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := systemtap.Reader{}.Read(context.Background(), []diagnose.Input{{Name: "x", Reader: strings.NewReader(text)}})
		if err != nil && !diagnose.IsUnreadable(err) || err == nil && d.Cause == "" {
			t.Fatalf("%+v, %v", d, err)
		}
	})
}
