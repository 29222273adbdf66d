package protocol

import (
	"strings"

	"github.com/lockproof/lockproof/libvirt/backtrace"
)

var (
	libcLocks = re(
		`^_*(?:libc_)?(?:malloc|calloc|realloc|free|memalign|int_free|int_malloc|tz_convert|localtime_r|fork|IO_\w+|vfprintf)\w*$`)
	beginJob = re(`^(?:qemu|qemud|libxl|lxc|virLXC|bhyve|vz|ch|test|vir)?\w*DomainObj(?:Begin)\w*Job\w*$`)
	objWait  = re(`^virDomainObjWait(?:Until)?$`)
	idlers   = re(
		`^(?:virThreadPoolWorker|qemudWorker|udevEventHandleThread|g_async_queue_\w+|g_thread_pool_\w+|nodeDeviceThread|virNodeSuspendHelper|virNWFilterDHCPDecodeWorker)$`)
	eventLoops = re(
		`^(?:virEventPoll(?:RunOnce|Wait\w*)|virEventRunOnce|virEventRunDefaultImpl|virEventGLibRunOnce|g_main_context_iterate\w*|g_main_loop_run|qemudOneLoop|qemudRunLoop|virNetServerRun|virNetDaemonRun|virEventThreadWorker)$`)
	eventEntry = re(
		`^(?:virEventPoll(?:RunOnce|Dispatch\w+)|virEventRunOnce|virEventRunDefaultImpl|virEventGLib\w+|g_main_context_dispatch\w*|g_main_loop_run|qemudOneLoop|virNetServerRun|virNetDaemonRun|virEventThreadWorker)$`)
	remoteCall = re(
		`^(?:virNetClient(?:IO\w*|SendInternal|SendWithReply\w*|ProgramCall)|remoteIO(?:EventLoop)?|remoteIOReadMessage|remoteIOWriteMessage)$`)
	childProc = re(
		`^(?:virCommand(?:Wait|ProcessIO|Run\w*|HandshakeWait)|virProcessWait|virExec\w*|virRun\w*|g_spawn_sync)$`)
	fileWork = re(
		`^(?:virStorageFile\w*|virStorageSource\w*|virFile\w*|virStorageBackend\w*|virSecurity\w*Set\w*|virSecurityManager\w*|virLock(?:Manager|Daemon)\w*|qemuSecurity\w*)$`)
	exits = re(`^_*(?:run_exit_handlers|exit|_Exit|fini)$|^_dl_fini$|^__cxa_finalize$`)
)

// findWait finds out what the innermost functions do.
func (r *Reading) findWait(frames []backtrace.Frame) {
	k, blocked := 0, false
	for k < len(frames)-1 {
		n := frames[k].Function
		switch {
		case lockWait.MatchString(n):
			blocked = true
		case kernelEntry.MatchString(n) && (n != "" || k < 3):
		default:
			goto found
		}
		k++
	}
found:
	n := frames[k].Function
	w := k + 1
	// inlined into each other
	for w < len(frames) && glibcLocks.MatchString(n) && glibcLocks.MatchString(frames[w].Function) {
		w++
	}
	if w > k+1 && condWait.MatchString(frames[w-1].Function) {
		n = frames[w-1].Function
	}
	for w < len(frames) && wrappers.MatchString(frames[w].Function) {
		w++
	}
	r.Where = w
	switch {
	case mutexLock.MatchString(n):
		if blocked { // without, it is inside of the call and may be going on
			r.Kind = ForLock
		}
	case rwLock.MatchString(n):
		if blocked || k == 0 {
			r.Kind, r.Read = ForLock, strings.Contains(n, "rdlock")
		}
	case blocked && wrappers.MatchString(n): // what glibc is called by has no frame
		r.Kind, r.Where = ForLock, k
		for r.Where < len(frames) && wrappers.MatchString(frames[r.Where].Function) {
			r.Where++
		}
	case condWait.MatchString(n):
		r.Kind, r.Timed = OnCond, strings.Contains(n, "timed") || strings.Contains(n, "clock")
		r.onCond(frames)
	case wrappers.MatchString(n) && strings.HasPrefix(n, "virCondWait"), strings.HasPrefix(n, "g_cond_wait"):
		r.Kind = OnCond
		r.onCond(frames)
	case polling.MatchString(n):
		r.onPoll(frames, k+1)
	case childWait.MatchString(n):
		r.Kind = ForChild
	case sleeping.MatchString(n):
		r.Kind = Asleep
	case ioCall.MatchString(n):
		r.onIO(frames, k+1)
	case blocked:
		r.onLibc(frames, k)
	}
	for i := range min(len(frames), 24) {
		if isAny(frames[i].Function, abortCall, exits) || frames[i].Function == "<signal handler called>" && i < 8 {
			r.Kind = Exiting
		}
	}
	if r.Kind == ForLock {
		r.pointers(frames)
	}
}

// onLibc is a lock of glibc's own, or of a function that is not known.
func (r *Reading) onLibc(frames []backtrace.Frame, k int) {
	n := frames[k].Function
	if strings.Contains(frames[0].Function, "private") || libcLocks.MatchString(n) {
		r.Kind, r.Waits.Class = ForLock, Libc
	}
}

// find looks for the first frame from at on, over at most so many, whose function is one of those.
func find(frames []backtrace.Frame, at, over int, names *pattern) int {
	for i := at; i < len(frames) && i < at+over; i++ {
		if names.MatchString(frames[i].Function) {
			return i
		}
	}
	return -1
}

func (r *Reading) onCond(frames []backtrace.Frame) {
	if r.Where == len(frames) {
		return
	}
	f := &frames[r.Where]
	switch n := f.Function; {
	case idlers.MatchString(n):
		r.Kind = Idle
	case beginJob.MatchString(n):
		r.Kind = ForJob
		r.asked(frames)
	case n == "qemuMonitorSend" || n == "qemuMonitorCommandWithHandler" || n == "qemuMonitorCommandWithFd" ||
		n == "qemuMonitorCommand":
		r.Kind = ForReply
	case n == "qemuAgentSend":
		r.Kind = ForAgent
	case remoteCall.MatchString(n):
		r.Kind = ForDaemon
	case objWait.MatchString(n):
		r.Kind = ForEvent
		r.Where++
	case eventLoops.MatchString(n):
		r.Kind = EventLoop
	}
}

// asked reads for which job a thread waits.
func (r *Reading) asked(frames []backtrace.Frame) {
	for i := r.Where; i < len(frames) && beginJob.MatchString(frames[i].Function); i++ {
		f := &frames[i]
		r.Asks.Job = first(r.Asks.Job, enumerator(f.Arg("job")))
		r.Asks.Async = first(r.Asks.Async, enumerator(f.Arg("asyncJob")))
		r.Asks.Agent = first(r.Asks.Agent, enumerator(f.Arg("agentJob")))
		switch n := f.Function; {
		case strings.Contains(n, "WithAgent"):
			r.Asks.Agent = first(r.Asks.Agent, "modify")
		case strings.Contains(n, "AgentJob"):
			r.Asks.Agent = first(r.Asks.Agent, "modify")
			r.Asks.Job = ""
		case strings.Contains(n, "AsyncJob") && r.Asks.Async == "":
			r.Asks.Async = asyncOf(frames)
		case strings.Contains(n, "NestedJob"):
			r.Asks.Job = "async nested"
		}
		for _, arg := range []string{"obj", "vm"} {
			if x := f.Pointer(arg); x != 0 {
				r.Asks.Domain = x
			}
		}
	}
	r.Waits.Object = r.Asks.Domain
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// onPoll is a thread in poll: it waits for events, another daemon or a child. Only who calls poll
// says what for: further out stands what it all began with.
func (r *Reading) onPoll(frames []backtrace.Frame, at int) {
	r.Kind = InCall
	if find(frames, at, 12, otherBus) >= 0 {
		return
	}
	loop := -1 // a loop of GLib: who runs it says what it waits for
	for i := at; i < len(frames) && i < at+8; i++ {
		switch n := frames[i].Function; {
		case remoteCall.MatchString(n):
			r.Kind = ForDaemon
		case childProc.MatchString(n):
			r.Kind = ForChild
		case n == "" || glibPoll.MatchString(n):
			if loop < 0 && eventLoops.MatchString(n) {
				loop = i
			}
			continue
		case n == "udevEventHandleThread", n == "gdbus_shared_thread_func":
			r.Kind = Idle
		case eventLoops.MatchString(n), loop >= 0:
			r.runsLoop(frames, max(loop, i))
			return
		default:
			return
		}
		r.Where = i
		return
	}
	if loop >= 0 {
		r.runsLoop(frames, loop)
	}
}

// runsLoop is a thread in a loop of events: one of the daemon's, or one that a call runs.
func (r *Reading) runsLoop(frames []backtrace.Frame, at int) {
	if api, _ := apiOf(frames); api == "" {
		r.Kind, r.Where = EventLoop, at
	}
}

var (
	otherBus = re(`^(?:g_dbus_|dbus_|virG?DBus|virPolkit)\w*$`)
	glibPoll = re(`^(?:g_poll|g_main_\w+|poll_func|ppoll|__poll)$`)
)

// onIO is a thread in a call of the kernel.
func (r *Reading) onIO(frames []backtrace.Frame, at int) {
	r.Kind = InCall
	switch {
	case find(frames, at, 12, remoteCall) >= 0:
		r.Kind = ForDaemon
	case find(frames, at, 12, childProc) >= 0:
		r.Kind = ForChild
	}
}

// pointers collects the addresses of a lock from the functions that were called to take it.
func (r *Reading) pointers(frames []backtrace.Frame) {
	for i := range min(r.Where, len(frames)) {
		f := &frames[i]
		for _, n := range []string{"mutex", "m", "futex", "futex_word", "rwlock"} {
			if x := f.Pointer(n); x != 0 && r.Waits.Mutex == 0 && !strings.HasPrefix(f.Function, "virObject") {
				r.Waits.Mutex = x
			}
		}
		if !wrappers.MatchString(f.Function) {
			continue
		}
		for _, n := range []string{"anyobj", "obj", "dom", "mon", "agent", "driver"} {
			if x := f.Pointer(n); x != 0 {
				r.Waits.Object = x
			}
		}
	}
}

// around reads what the functions further out say.
func (r *Reading) around(t *backtrace.Thread) {
	frames := t.Frames
	for i := len(frames) - 1; i >= 0; i-- {
		n := frames[i].Function
		switch {
		case eventEntry.MatchString(n):
			r.Events = true
		case n == "qemuProcessReconnect" || n == "libxlReconnectDomain" || n == "virLXCProcessReconnectDomain":
			r.Reconn = true
		case strings.HasPrefix(n, "virHookCall"):
			r.Hook = true
		case i > r.Where && strings.HasPrefix(n, "qemuMonitor") && r.Kind == ForReply && r.Reply == "":
			r.Reply = n
		}
		r.File = r.File || fileWork.MatchString(n)
		for _, p := range []string{"qemu", "lxc", "libxl", "bhyve", "vz", "uml"} {
			rest, ok := strings.CutPrefix(strings.TrimPrefix(n, "vir"), p)
			if strings.HasPrefix(n, "virLXC") {
				p, ok, rest = "lxc", true, n[6:]
			}
			if ok && rest != "" && (rest[0] >= 'A' && rest[0] <= 'Z' || rest[0] == 'd') {
				r.Driver = p
				break
			}
		}
	}
	if strings.HasPrefix(t.Name, "init-") && r.API == "" && r.Driver != "" {
		r.Reconn = true
	}
	r.Events = r.Events && r.API == ""
}

func asyncOf(frames []backtrace.Frame) string {
	for i := len(frames) - 1; i >= 0; i-- {
		for _, n := range []string{"asyncJob", "async"} {
			if a := enumerator(frames[i].Arg(n)); a != "" {
				return a
			}
		}
	}
	for i := len(frames) - 1; i >= 0; i-- {
		for _, a := range asyncs {
			if strings.HasPrefix(frames[i].Function, a.function) {
				return a.async
			}
		}
	}
	return ""
}
