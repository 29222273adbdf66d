package helgrind_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/helgrind"
)

func read(t testing.TB, text []byte) *diagnose.Diagnosis {
	t.Helper()
	d, err := helgrind.Reader{}.Read(context.Background(), []diagnose.Input{{Name: "x", Reader: bytes.NewReader(text)}})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return d
}

// gist is what a diagnosis says, in one line.
func gist(d *diagnose.Diagnosis) string {
	out := fmt.Sprintf("%s %t %s", d.Cause, d.Fault, d.Rules)
	for _, h := range d.Holders {
		out += fmt.Sprintf(" %d:%s", h.Thread, h.Lock)
	}
	for _, c := range d.Why {
		if strings.Contains(c.Text, "wrong side") {
			out += " " + c.Text[strings.Index(c.Text, "thread #"):]
		}
	}
	return out
}

// Real programs under real helgrind, as text and as XML.
func TestRealReports(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"gcc", "valgrind"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs the Debian package %s", tool)
		}
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "orders")
	if out, err := exec.Command("gcc", "-g", "-O0", "-pthread", "-o", program, "testdata/orders.c").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for scenario, want := range map[string]string{
		"order":   "lock-order true [lock-order] 3:list 3:driver thread #3 is the wrong side",
		"good":    "cannot-tell false []",
		"leaves":  "lock-left-locked true [lock-leak] 2:",
		"unlocks": "cannot-tell true [bad-unlock]",
	} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			xml := filepath.Join(dir, scenario+".xml")
			text, err := exec.Command("valgrind", "--tool=helgrind", program, scenario).CombinedOutput()
			if err != nil || !bytes.Contains(text, []byte("Helgrind")) {
				t.Skipf("valgrind does not run here: %v\n%s", err, text)
			}
			if out, err := exec.Command("valgrind", "--tool=helgrind", "--xml=yes", "--xml-file="+xml, program, scenario).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			asXML, err := os.ReadFile(xml)
			if err != nil {
				t.Fatal(err)
			}
			for form, report := range map[string][]byte{"text": text, "XML": asXML} {
				if r := (helgrind.Reader{}).Recognise(report[:min(len(report), diagnose.HeadSize)]); r != diagnose.Certain {
					t.Errorf("%s is not recognised", form)
				}
				if got := gist(read(t, report)); got != want {
					t.Errorf("%s: %s, want %s\n%s", form, got, want, report)
				}
			}
			if got := gist(read(t, bytes.ReplaceAll(text, []byte("\n=="), []byte("\n> ==")))); got != want {
				t.Errorf("quoted: %s, want %s", got, want)
			}
			for cut := 0; cut < len(asXML); cut += 211 { // of a report that was cut anywhere, what came before counts
				if d, err := (helgrind.Reader{}).Read(context.Background(), []diagnose.Input{{Name: "x", Reader: bytes.NewReader(asXML[:cut])}}); err == nil && d.Cause == "" {
					t.Errorf("no answer after %d bytes", cut)
				}
			}
		})
	}
}

func TestRelock(t *testing.T) {
	t.Parallel()
	d := read(t, []byte(`==7== Thread #4: Attempt to re-lock a non-recursive lock I already hold
==7==    at 0x1: pthread_mutex_lock (in /usr/lib/vgpreload_helgrind-amd64-linux.so)
==7==    by 0x2: virMutexLock (virthread.c:88)
==7==    by 0x3: virObjectLock (virobject.c:323)
==7==    by 0x4: qemuMonitorClose (qemu_monitor.c:900)
==7==    by 0x5: qemuProcessStop (qemu_process.c:4000)
==7==    by 0x6: qemuDomainDestroyFlags (qemu_driver.c:2000)
==7==    by 0x7: virDomainDestroyFlags (libvirt-domain.c:500)
==7==  Lock was previously acquired
==7==    at 0x1: pthread_mutex_lock (in /usr/lib/vgpreload_helgrind-amd64-linux.so)
==7==    by 0x2: virMutexLock (virthread.c:88)
==7== Possible data race during read of size 8 at 0x1 by thread #1
==7==    at 0x1: f (x.c:1)
`))
	if d.Cause != diagnose.SelfDeadlock || len(d.Waiters) != 1 || d.Waiters[0].For != "lock:monitor" || d.Waiters[0].API != "virDomainDestroyFlags" || d.Holders[0].Lock != "monitor" {
		t.Errorf("%+v", d)
	}
	if len(d.Notes) != 1 {
		t.Errorf("races are not counted: %+v", d.Notes)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("==7== Thread #4: lock order \"0x1 before 0x2\" violated\n==7== Observed (incorrect) order is: acquisition of lock at 0x2\n==7==    at 0x1: pthread_mutex_lock (in x)\n"))
	f.Add([]byte("<?xml version=\"1.0\"?><valgrindoutput><error><kind>LockOrder</kind><xwhat><text>Thread #3: lock order \"0x1 before 0x2\" violated</text></xwhat><stack><frame><fn>virMutexLock</fn><file>a.c</file><line>1</line></frame></stack></error></valgrindoutput>"))
	f.Add([]byte("==7== Thread #4: Exiting thread still holds 2 locks\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := helgrind.Reader{}.Read(context.Background(), []diagnose.Input{{Name: "x", Reader: bytes.NewReader(text)}})
		if err == nil && d.Cause == "" {
			t.Fatal("no cause")
		}
	})
}
