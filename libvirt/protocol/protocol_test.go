package protocol_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/libvirt/backtrace"
	"github.com/lockproof/lockproof/libvirt/protocol"
)

// read reads the meaning of one stack, written as its functions from the inside out.
func read(t *testing.T, functions string, args ...protocol.Era) *protocol.Reading {
	t.Helper()
	text := "Thread 1 (LWP 1):\n"
	for i, f := range strings.Fields(functions) {
		if !strings.Contains(f, "(") {
			f += "()"
		}
		text += fmt.Sprintf("#%d 0x1 in %s\n", i, strings.NewReplacer("(", " (", ",", ", ").Replace(f))
	}
	f, err := backtrace.Read(context.Background(), strings.NewReader(text))
	if err != nil || len(f.Dumps) != 1 {
		t.Fatalf("%v\n%s", err, text)
	}
	era := protocol.EraOf(f.Dumps[0])
	if len(args) > 0 {
		era = args[0]
	}
	return protocol.Read(f.Dumps[0].Threads[0], era)
}

func at(v string) protocol.Era {
	return protocol.Era{From: protocol.ParseVersion(v), To: protocol.ParseVersion(v)}
}

func holds(r *protocol.Reading) string {
	var out []string
	for _, h := range r.Holds {
		s := string(h.Class)
		if h.Object != 0 {
			s += fmt.Sprintf("=%#x", h.Object)
		}
		if !h.Sure {
			s += "?"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

const (
	blocked = "__lll_lock_wait pthread_mutex_lock virMutexLock "
	asleep  = "pthread_cond_wait virCondWait "
	api     = " virThreadPoolWorker start_thread"
)

func TestMeaning(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stack, version string
		kind           protocol.Kind
		class          protocol.Class
		holds          string
	}{
		{asleep + "virThreadPoolWorker", "9.0.0", protocol.Idle, "", ""},
		{"poll virEventPollRunOnce virNetDaemonRun main", "2.0.0", protocol.EventLoop, "", ""},
		{"pthread_mutex_lock virMutexLock qemuX", "2.0.0", protocol.Running, "", ""}, // in the call, not asleep
		{"__lll_lock_wait_private malloc virAlloc", "2.0.0", protocol.ForLock, protocol.Libc, ""},
		{asleep + "qemuMonitorSend qemuMonitorSystemReset(mon=0x70) qemuDomainReset virDomainReset" + api, "9.0.0", protocol.ForReply, "", ""},
		{asleep + "qemuAgentSend qemuAgentSuspend qemuDomainPMSuspendForDuration virDomainPMSuspendForDuration", "9.0.0", protocol.ForAgent, "", ""},
		{asleep + "virDomainObjBeginJobInternal qemuDomainGetInfo virDomainGetInfo", "9.0.0", protocol.ForJob, "", ""},
		{asleep + "virDomainObjWait qemuMigrationSrcWaitForCompletion(vm=0x10) qemuDomainMigratePerform3 virDomainMigratePerform3", "5.0.0", protocol.ForEvent, "", ""},
		// The domain is held by who was given it, and in no bracket.
		{blocked + "virObjectLock qemuMonitorClose qemuProcessStop(vm=0x10) qemuDomainDestroyFlags virDomainDestroyFlags", "2.0.0", protocol.ForLock, protocol.Monitor, "domain=0x10"},
		{blocked + "virObjectLock qemuDomainObjEnterMonitor(obj=0x10) qemuDomainReset virDomainReset", "2.0.0", protocol.ForLock, protocol.Monitor, "domain=0x10"},
		{blocked + "virObjectLock qemuDomainObjExitMonitor(obj=0x10) qemuDomainReset virDomainReset", "2.0.0", protocol.ForLock, protocol.Domain, ""},
		// The driver lock: from the look-up to the end up to 1.0.2, but for brackets.
		{blocked + "qemuDriverLock qemudClose virReleaseConnect qemuDomainOpenConsole virDomainOpenConsole", "0.10.2", protocol.ForLock, protocol.Driver, "driver domain"},
		{blocked + "virObjectLock qemuX qemuDomainOpenConsole virDomainOpenConsole", "1.0.3", protocol.ForLock, protocol.Domain, "domain"},
		{blocked + "virDomainObjLock qemuDomainObjExitMonitorWithDriver qemuDomainInjectNMI virDomainInjectNMI", "0.9.8", protocol.ForLock, protocol.Domain, "driver"},
		{blocked + "qemuDriverLock qemuDomainObjExitMonitorWithDriver qemuDomainInjectNMI virDomainInjectNMI", "0.9.8", protocol.ForLock, protocol.Driver, ""},
		{blocked + "virDomainObjLock virDomainFindByUUID qemudDomainGetInfo virDomainGetInfo", "0.9.8", protocol.ForLock, protocol.Domain, "driver"},
		// The list, and when it is let go of.
		{blocked + "virObjectLock(anyobj=0x10) virDomainObjListFindByUUID(doms=0x40) qemuDomObjFromDomain qemuDomainGetInfo virDomainGetInfo", "1.1.0", protocol.ForLock, protocol.Domain, "list"},
		{blocked + "virObjectLock virDomainObjListFindByUUIDLocked virDomainObjListFindByUUID qemuDomainObjFromDomain", "7.0.0", protocol.ForLock, protocol.Domain, "list"},
		{blocked + "virObjectLock(anyobj=0x10) virDomainObjListFindByName(doms=0x40)", "2.0.0", protocol.ForLock, protocol.Domain, ""},
		{blocked + "virObjectLock(anyobj=0x10) virDomainObjListFindByName(doms=0x40)", "1.2.0", protocol.ForLock, protocol.Domain, "list"},
		{blocked + "virObjectLock(anyobj=0x40) virDomainObjListRemove(doms=0x40,dom=0x10) qemuDomainRemoveInactive(vm=0x10) qemuProcessStop(vm=0x10)", "2.0.0", protocol.ForLock, protocol.List, ""},
		{"futex_wait pthread_rwlock_wrlock virObjectRWLockWrite virDomainObjListAdd qemuDomainDefineXMLFlags virDomainDefineXMLFlags", "7.0.0", protocol.ForLock, protocol.List, ""},
		{blocked + "virObjectLock(anyobj=0x10) virDomainObjListFindByUUIDInternal(doms=0x40) virDomainObjListFindByUUIDRef qemuDomObjFromDomain", "2.0.0", protocol.ForLock, protocol.Domain, ""},
		{blocked + "virObjectLock(anyobj=0x10) virDomainObjListFindByUUIDInternal(ref=true,doms=0x40)", "2.0.0", protocol.ForLock, protocol.Domain, ""},
		{blocked + "virObjectLock(anyobj=0x10) virDomainObjListFindByUUIDInternal(doms=0x40) virDomainObjListFindByUUID lxcDomObjFromDomain", "2.0.0", protocol.ForLock, protocol.Domain, "list"},
		{blocked + "virObjectLock(anyobj=0x10) virDomainObjListFilter(vm=0x10) virDomainObjListExport", "7.0.0", protocol.ForLock, protocol.Domain, ""},
		{blocked + "virObjectLock(anyobj=0x10) virDomainObjListFindByID(doms=0x40)", "5.0.0", protocol.ForLock, protocol.Domain, ""},
		// What glibc is called by may have no frame, and old glibc waits in a function of its own.
		{"__lll_lock_wait virMutexLock(m=0x20) virObjectLock(anyobj=0x10) qemuProcessHandleStop(mon=0x70,vm=0x10)", "2.0.0", protocol.ForLock, protocol.Domain, ""},
		{"__lll_lock_wait _L_lock_840 pthread_mutex_lock qemuDriverLock qemuStartup", "0.9.8", protocol.ForLock, protocol.Driver, ""},
		// Filters, connections that are closed, and who asks whether a call is allowed.
		{"futex_wait pthread_rwlock_rdlock virRWLockRead virNWFilterReadLockFilterUpdates qemuProcessLaunch(vm=0x10)", "3.0.0", protocol.ForLock, protocol.Filter, "domain=0x10"},
		{blocked + "virObjectLock(anyobj=0x10) virQEMUCloseCallbacksRun", "1.0.3", protocol.ForLock, protocol.Callbacks, ""},
		{"poll g_main_loop_run g_dbus_connection_call_sync virPolkitCheckAuth virDomainGetXMLDescEnsureACL qemuDomainGetXMLDesc virDomainGetXMLDesc", "9.0.0", protocol.InCall, "", "domain"},
		{"poll virNetSocketX qemuX" + api, "9.0.0", protocol.InCall, "", ""},
		{asleep + "virSomething virNetServerHandleJob" + api, "9.0.0", protocol.OnCond, "", ""},
		{"nanosleep usleep qemuX" + api, "9.0.0", protocol.Asleep, "", ""},
		{"waitpid virProcessWait virCommandWait virCommandRun virHookCall qemuProcessStart(vm=0x10) qemuDomainCreate virDomainCreate", "4.5.0", protocol.ForChild, "", "domain=0x10"},
		// Callbacks begin with nothing, and lock the domain.
		{blocked + "virObjectLock qemuProcessHandleStop(mon=0x70,vm=0x10) qemuMonitorEmitStop qemuMonitorIO(opaque=0x70) virEventPollRunOnce", "2.0.0", protocol.ForLock, protocol.Domain, ""},
		{blocked + "virDomainObjLock qemuProcessHandleMonitorEOF(mon=0x70,vm=0x10) qemuMonitorIO(opaque=0x70) virEventPollRunOnce", "0.9.8", protocol.ForLock, protocol.Domain, "driver"},
		{blocked + "virObjectLock qemuAgentClose(mon=0x50) qemuProcessHandleAgentEOF(agent=0x50,vm=0x10) virEventPollRunOnce", "3.0.0", protocol.ForLock, protocol.Agent, "domain=0x10"},
		{blocked + "virObjectLock qemuAgentClose(mon=0x50) qemuProcessHandleAgentEOF(agent=0x50,vm=0x10) virEventPollRunOnce", "1.1.0", protocol.ForLock, protocol.Agent, ""},
		{blocked + "virObjectLock qemuMonitorIO(opaque=0x70) virEventPollRunOnce", "2.0.0", protocol.ForLock, protocol.Monitor, ""},
		// Another host is called with nothing held, but before 0.8.3.
		{"poll virNetClientIOEventLoop remoteDomainMigratePrepare2 doNonTunnelMigrate(vm=0x10) qemudDomainMigratePerform virDomainMigratePerform", "0.9.8", protocol.ForDaemon, "", ""},
		{"poll remoteIOEventLoop remoteDomainMigratePrepare2 doNonTunnelMigrate(vm=0x10) qemudDomainMigratePerform virDomainMigratePerform", "0.8.2", protocol.ForDaemon, "", "driver domain=0x10"},
		{"poll remoteIOEventLoop remoteDomainMigratePrepare2 doNonTunnelMigrate(vm=0x10) qemudDomainMigratePerform virDomainMigratePerform", "0.8.3", protocol.ForDaemon, "", ""},
		{"raise abort virX " + asleep, "2.0.0", protocol.Exiting, "", ""},
	} {
		r := read(t, c.stack, at(c.version))
		if r.Kind != c.kind || r.Waits.Class != c.class || holds(r) != c.holds {
			t.Errorf("%s, libvirt %s:\nkind %d, waits for %q, holds %q; want %d, %q, %q", c.stack, c.version, r.Kind, r.Waits.Class, holds(r), c.kind, c.class, c.holds)
		}
	}
}

// Where releases differ and none is known, it is not sure what is held.
func TestUnsure(t *testing.T) {
	t.Parallel()
	stack := blocked + "virObjectLock(anyobj=0x10) virDomainObjListFindByName(doms=0x40) lxcX"
	if r := read(t, stack); holds(r) != "list?" {
		t.Errorf("%q", holds(r))
	}
}

func TestJobs(t *testing.T) {
	t.Parallel()
	for stack, want := range map[string]string{
		asleep + "qemuMonitorSend qemuMonitorX qemuDomainGetInfo virDomainGetInfo":                                                     "query//",
		asleep + "qemuMonitorSend qemuMonitorX qemuDomainSetMemoryFlags virDomainSetMemory":                                            "modify//",
		asleep + "qemuMonitorSend qemuMonitorX qemuMigrationSrcRun qemuDomainMigratePerform3Params virDomainMigratePerform3Params":     "async nested/migration out/",
		asleep + "qemuMonitorSend qemuMonitorX qemuProcessLaunch(asyncJob=VIR_ASYNC_JOB_START) qemuDomainCreateXML virDomainCreateXML": "async nested/start/",
		asleep + "qemuMonitorSend qemuMonitorX qemuDomainUnknown virDomainUnknown":                                                     "//",
		asleep + "qemuAgentSend qemuAgentX qemuDomainGetFSInfo virDomainGetFSInfo":                                                     "//query",
		asleep + "virDomainObjWait qemuMigrationSrcToFile(vm=0x1) qemuDomainCoreDumpWithFormat virDomainCoreDump":                      "/dump/",
	} {
		r := read(t, stack, at("7.0.0"))
		if r.Has == nil {
			t.Errorf("%s: no job", stack)
			continue
		}
		if got := r.Has.Job + "/" + r.Has.Async + "/" + r.Has.Agent; got != want {
			t.Errorf("%s: %s, want %s", stack, got, want)
		}
	}
	if r := read(t, asleep+"qemuMonitorSend qemuMonitorX virQEMUCapsInitQMPMonitor virQEMUCapsNewForBinary"); r.Has != nil {
		t.Errorf("a probe of QEMU has the job %+v", r.Has)
	}
	r := read(t, asleep+"qemuDomainObjBeginJobInternal(driver=0x2,obj=0x10,job=QEMU_JOB_MIGRATION_OP,asyncJob=QEMU_ASYNC_JOB_NONE) qemuX")
	if r.Asks.Job != "migration operation" || r.Asks.Async != "" || r.Asks.Domain != 0x10 {
		t.Errorf("%+v", r.Asks)
	}
}

// What stands further out.
func TestAround(t *testing.T) {
	t.Parallel()
	r := read(t, asleep+"qemuMonitorSend qemuMonitorJSONX(mon=0x70) qemuMonitorSystemReset(mon=0x70) qemuDomainResetOne(vm=0x10) qemuDomainReset virDomainReset", at("9.0.0"))
	if r.Reply != "qemuMonitorSystemReset" || r.API != "virDomainReset" || r.Has == nil || r.Has.Domain != 0x10 || !r.Has.InMonitor || r.Driver != "qemu" || r.Reconn || r.Hook || r.Events {
		t.Errorf("%+v %+v", r, r.Has)
	}
	r = read(t, "poll virNetClientIO remoteDomainMigratePrepare3 doPeer2PeerMigrate3(vm=0x10) qemuDomainMigratePerform3 virDomainMigratePerform3", at("1.0.0"))
	if !r.Remote || r.Has == nil || r.Has.Domain != 0x10 || r.Has.Async != "migration out" || r.Has.Job != "" {
		t.Errorf("%+v %+v", r, r.Has)
	}
	if r = read(t, asleep+"qemuMonitorSend qemuMonitorX qemuConnectMonitor(vm=0x10) qemuProcessReconnect virThreadHelper"); !r.Reconn {
		t.Errorf("%+v", r)
	}
	if r = read(t, blocked+"virObjectLock qemuProcessHandleStop(vm=0x10) qemuMonitorIO(opaque=0x70) g_main_loop_run virEventThreadWorker"); !r.Events || r.Reconn {
		t.Errorf("%+v", r)
	}
	if r = read(t, "waitpid virCommandWait virHookCall qemuProcessStop(vm=0x10)"); !r.Hook {
		t.Errorf("%+v", r)
	}
	for name, want := range map[string]bool{"init-guest-a": true, "rpc-worker": false, "": false} {
		th := &backtrace.Thread{Name: name, Frames: []backtrace.Frame{{Function: "qemuMonitorSend"}, {Function: "qemuConnectMonitor"}}}
		if r := protocol.Read(th, at("7.0.0")); r.Reconn != want {
			t.Errorf("%s: %v", name, r.Reconn)
		}
	}
	for d, want := range map[string]bool{"virMutexLock": true, "qemuMonitorIO": true, "qemu_mutex_lock": false, "main": false} {
		if got := protocol.OfLibvirt(&backtrace.Dump{Threads: []*backtrace.Thread{{Frames: []backtrace.Frame{{Function: d}}}}}); got != want {
			t.Errorf("%s: %v", d, got)
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	if v := protocol.ParseVersion("1.2.17"); v != 1_002_017 || v.String() != "1.2.17" {
		t.Errorf("%d", v)
	}
	for _, bad := range []string{"", "1.2", "1.2.3.4", "1.x.3", "1.-2.3", "1.2.1000"} {
		if protocol.ParseVersion(bad) != 0 {
			t.Error(bad)
		}
	}
	for call, want := range map[string]string{"remoteDispatchDomainXHelper": "DomainX", "virDomainX": "DomainX", "qemudDomainX": "DomainX", "DomainX": "DomainX", "virtual": "virtual"} {
		if got := protocol.Call(call); got != want {
			t.Errorf("%s is %s", call, got)
		}
	}
}
