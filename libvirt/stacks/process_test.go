package stacks_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// side is a dump of one side of a migration, whose threads have the numbers of the other side's.
func side(handle int, functions string) string {
	text := fmt.Sprintf("Thread 2 (Thread 0x7f%d100 (LWP 12)):\n", handle)
	for i, f := range strings.Fields(functions) {
		text += fmt.Sprintf("#%d  0x1 in %s () from x.so\n", i, f)
	}
	return text + fmt.Sprintf("\nThread 1 (Thread 0x7f%d200 (LWP 11)):\n#0  0x1 in poll () from c.so\n"+
		"#1  0x2 in virEventPollRunOnce () from x.so\n#2  0x3 in virNetDaemonRun () from x.so\n\n", handle)
}

// In one text and with the same numbers of threads two hosts are kept apart, and one process is
// compared over time.
func TestTwoHosts(t *testing.T) {
	t.Parallel()
	source := "poll virNetClientIOEventLoop virNetClientIO virNetClientProgramCall remoteDomainMigrateFinish3Params " +
		"virDomainMigrateFinish3Params doPeer2PeerMigrate3 qemuMigrationSrcPerform qemuDomainMigratePerform3Params " +
		"virDomainMigratePerform3Params"
	target := "pthread_cond_wait virCondWait qemuMonitorSend qemuMonitorStartCPUs qemuProcessStartCPUs " +
		"qemuMigrationDstFinish qemuDomainMigrateFinish3Params virDomainMigrateFinish3Params"
	noHandles := strings.NewReplacer("Thread 0x7f1100 (", "", "Thread 0x7f1200 (", "", ")):", "):")
	for name, c := range map[string]struct {
		text string
		want int // holders: one on each side
	}{
		"nothing between": {side(1, source) + side(2, target), 2},
		"headings":        {"On the source host:\n" + side(1, source) + "destination host:\n" + side(2, target), 2},
		"headings alone": {
			"source host:\n" + noHandles.Replace(side(1, source)) + "target libvirtd:\n" + noHandles.Replace(side(1, target)), 2,
		},
		"one process": {side(1, source) + side(1, target), 1},
	} {
		d := read(t, name, []byte(c.text))
		if len(d.Holders) != c.want || (d.Cause == diagnose.QEMUSilent) != (c.want == 2) {
			t.Errorf("%s: %s, %s", name, d.Cause, show(d.Holders))
		}
	}
}

// The owner of a mutex that is not among the threads has one line, that of who printed it.
func TestOwnerIsGone(t *testing.T) {
	t.Parallel()
	d := read(t, "gone", []byte("Thread 2 (LWP 12):\n#0  0x1 in __lll_lock_wait () from c.so\n#1  0x1 in pthread_mutex_lock (mutex=0x7f10) at x.c:1\n"+
		"#2  0x1 in virMutexLock (m=0x7f10) at x.c:2\n#3  0x1 in virObjectLock (anyobj=0x7f00) at x.c:3\n#4  0x1 in virDomainObjListFindByName () at x.c:4\n"+
		"Thread 1 (LWP 11):\n#0  0x1 in poll () from c.so\n#1  0x2 in virEventPollRunOnce () from x.so\nmutex 0x7f10 owner 99\n"))
	for _, h := range d.Holders {
		if h.Thread == 99 && len(h.At) == 1 {
			return
		}
	}
	t.Errorf("%s: %s", d.Cause, show(d.Holders))
}
