package protocol

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/lockproof/lockproof/libvirt/backtrace"
)

//go:embed held_driver.txt
var heldDriver string

type span struct{ from, to Version }

// throughout are the functions that keep the driver lock to their end.
var throughout = sync.OnceValue(func() map[string][]span {
	out := map[string][]span{}
	for line := range strings.Lines(heldDriver) {
		if f := strings.Fields(line); len(f) == 3 && f[0] != "#" {
			out[f[0]] = append(out[f[0]], span{ParseVersion(f[1]), ParseVersion(f[2])})
		}
	}
	return out
})

var (
	callback    = re(`^(?:qemuProcessHandle|qemuHandleMonitor|qemuHandleDomain)[A-Z]\w*$`)
	ofClose     = re(`(?:Agent|Monitor)(?:EOF|Error|Disconnect)$`)
	ofDestroy   = re(`Destroy$`)
	monitorLike = re(`^qemu(?:Monitor|Agent)[A-Z]`)
	noCommand   = re(
		`^qemu(?:Monitor|Agent)(?:Close|Open\w*|IO\w*|Register|Unregister|Dispose|Free|Ref|Unref|Lock|Unlock|Unwatch|Watch|UpdateWatch|Emit\w*|NotifyEvent|NotifyClose|` +
			`SetDomainLog\w*|LastError|ResetCommandID|NextCommandID|\w+Free|\w+Copy|\w+New|\w+Clear|VMStatusTo\w*|TypeTo\w*|Transaction[A-Z]\w*|Event\w*|GuestPanic\w*|GetErrorFromLog|GetOptions|SetOptions|BlockInfoLookup|BlockIOStatusToError|Escape\w*)$`)
	probing   = re(`^(?:virQEMUCaps\w*|qemuProcessQMP\w*|qemuCaps\w*|virQEMUCapsInit\w*)$`)
	enter     = re(`^qemuDomainObjEnter(Monitor|Agent|Remote)\w*$`)
	leave     = re(`^qemuDomainObjExit(Monitor|Agent|Remote)\w*$`)
	ownList   = re(`^virDomainObjList[A-Z]`)
	afterList = re(`^virDomainObjList(?:Filter|Collect|Convert|CollectIterator|Dispose|New|FindBy\w+Ref)$`)
	iterators = re(
		`^virDomainObjList(?:SearchID|SearchName|Count\w*|Copy\w+|Populate|Filter|Deallocator|Free)$|^virDomainListPopulate$`)
	oldList = re(
		`^virDomain(?:FindBy(?:UUID|Name|ID)|ObjList(?:NumOfDomains|Get\w+|Count\w+|Copy\w+|Search\w+)|List|ListPopulate|LoadAllConfigs)$`)
	lookUps = re(
		`^(?:virDomainFindBy|virDomainObjListFind|virDomainObjListGet|virDomainObjListNum|qemuDomObjFrom|qemuDomainObjFrom|libxlDomObjFrom|lxcDomObjFrom|virLXCDomObjFrom|chDomObjFrom|\w*DomObjFromDomain)`)
	beforeHeld = re(
		`^(?:virQEMUDriverGet\w*|virConnect\w*|virUUIDFormat|virObjectRef|virResetLastError|virNWFilter\w*Lock\w*|\w+DriverLock)$`)
	noDomainOf = re(
		`^Domain(?:CreateXML|CreateLinux|DefineXML|LookupBy|MigratePrepare|MigrateFinish|Restore|SaveImage|Free|Ref|ListGet)`)
	contract = re(
		`^(?:qemud?|lxc|virLXC|libxl|bhyve|virCH|ch|test|vz|prlsdk)[A-Z]\w*$|^process\w+Event$|^do(?:Core|Peer2Peer|Native|Tunnel|NonTunnel)\w*$`)
	unlocked = re(
		`^(?:qemuProcessEventHandler|qemuProcessReconnect\w*|qemuProcessFakeReboot|libxlDomainEventHandler|libxlDomainShutdownThread|libxlEventHandler|\w+EventLoop|qemuConnect\w+|\w+ObjEndAPI|qemuDomainObjExit\w+|qemuMonitor\w+|qemuAgent\w+|virLXCProcessMonitor\w+|virLXCMonitor\w+)$`)
	byName = re(
		`^(?:qemuProcessStop|qemudShutdownVMDaemon|qemuProcessAutoDestroy|process[A-Z]\w+Event|qemuProcessEndJob|qemuProcessBeginStopJob|libxlDomainCleanup|virLXCProcessStop)$`)
	opening    = re(`^qemu(?:Monitor|Agent)Open\w*$`)
	remoteSide = re(
		`^(?:vir(?:Domain(?:Migrate|Lookup|CreateXML)\w*|Connect\w*|Stream\w*)|remote(?:Domain|Connect|Stream)\w*|virNetClient\w*|remoteCall|call|callFull|callWithFD)$`)
	migrates = re(
		`^(?:qemuMigration\w*|do(?:Peer2Peer|Native|Tunnel|NonTunnel)Migrate\w*|qemud?DomainMigrate\w*|libxl\w*Migrat\w*)$`)
	filterDefs = re(
		`^(?:nwfilter(?:Define\w*|Undefine\w*|StateReload|DriverReload)|virNWFilterTriggerVMFilterRebuild|virNWFilterRebuild\w*)$`)
	closeRuns  = re(`^virQEMUCloseCallbacksRun(?:One)?$`)
	afterEvent = re(`^(?:qemuDomainEventQueue|virObjectEventStateQueue\w*|virDomainEventStateQueue|qemuDriverLock)$`)
)

// walk goes from the outermost function inwards and keeps what is held.
type walk struct {
	r      *Reading
	frames []backtrace.Frame
	era    Era
	api    int // below this frame the driver begins
	held   []Held
}

// run walks a stack.
func (w *walk) run() {
	inner := max(w.r.Where, 0)
	if w.r.Kind == Running {
		inner = 0
	}
	for i := len(w.frames) - 1; i >= inner; i-- {
		callee := ""
		if i > inner || w.r.Kind == Running && i > 0 {
			callee = w.frames[i-1].Function
		}
		w.frame(i, callee, i == inner && w.r.Kind == ForLock)
	}
	switch w.r.Kind {
	case ForReply:
		w.drop(Monitor)
	case ForAgent:
		w.drop(Agent)
	case ForJob, ForEvent:
		w.drop(Domain, Driver)
	case OnCond:
		w.drop(Domain)
		for i := range w.held {
			w.held[i].Sure = false
		}
	}
	w.r.Holds = w.held
	w.job()
}

func (w *walk) take(c Class, object uint64, frame int, sure bool) {
	for i := range w.held {
		h := &w.held[i]
		if h.Class == c && (h.Object == 0 || object == 0 || h.Object == object) {
			if object != 0 && h.Object == 0 && c != Driver && c != List {
				h.Object, h.Frame = object, frame // who knows which it is tells most
			}
			h.Sure = h.Sure || sure
			return
		}
	}
	l := Lock{Class: c, Object: object}
	if c == Driver || c == List {
		l.Object, l.Of = 0, w.r.Driver
	}
	w.held = append(w.held, Held{Lock: l, Frame: frame, Sure: sure})
}

func (w *walk) drop(classes ...Class) {
	kept := w.held[:0]
	for _, h := range w.held {
		dropped := false
		for _, c := range classes {
			dropped = dropped || h.Class == c
		}
		if !dropped {
			kept = append(kept, h)
		}
	}
	w.held = kept
}

// frame takes account of one function. The callee is the one that it has called; last says that it
// waits itself, for a lock.
func (w *walk) frame(i int, callee string, last bool) {
	f := &w.frames[i]
	n := f.Function
	waits := NoClass
	if last {
		waits = w.r.Waits.Class
	}
	switch {
	case callback.MatchString(n):
		w.callback(f, i, callee, waits)
		return
	case n == "qemuMonitorIO" || n == "qemuAgentIO":
		if c := classOfMonitor(n); waits != c && !strings.Contains(callee, "Unref") {
			w.take(c, f.Pointer("opaque"), i, true)
		}
		return
	case enter.MatchString(n):
		w.take(Domain, w.domainArg(f), i, true)
		if with, sure := w.withDriver(i); with {
			w.take(Driver, 0, i, sure)
		}
		return
	case leave.MatchString(n):
		w.drop(Domain, Driver, Monitor, Agent)
		if with, sure := w.withDriver(i); with && waits == Domain {
			w.take(Driver, 0, i, sure)
		}
		return
	case beginJob.MatchString(n):
		w.begin(f, i, last)
		return
	case ownList.MatchString(n) || oldList.MatchString(n):
		w.list(f, i, waits)
		return
	}
	if waits != Driver && w.keepsDriver(n) {
		w.take(Driver, 0, i, w.keptByAll(n))
	}
	if i+1 == w.api {
		w.entry(f, i, callee, waits)
	}
	if filterDefs.MatchString(n) && waits != Filter && callee != "" && !strings.Contains(callee, "LockFilterUpdates") {
		w.take(Filter, 0, i, false)
		w.take(FilterObject, 0, i, false)
	}
	if closeRuns.MatchString(n) && waits != Callbacks { // in the first releases that have them
		w.take(Callbacks, 0, i, false)
	}
	if contract.MatchString(n) && !unlocked.MatchString(n) && waits != Domain {
		if vm := f.Pointer("vm"); vm != 0 {
			w.take(Domain, vm, i, true)
		}
	}
	if byName.MatchString(n) && (callee != "" || last && waits != Domain) {
		w.take(Domain, f.Pointer("vm"), i, true)
	}
	w.calls(i, n, callee)
}

// calls takes account of what a function must have let go of before it called another.
func (w *walk) calls(i int, n, callee string) {
	switch {
	case callee == "":
	case opening.MatchString(callee) && !monitorLike.MatchString(n):
		w.drop(Domain, Driver)
	case monitorLike.MatchString(callee) && !noCommand.MatchString(callee) && !monitorLike.MatchString(n):
		in := &w.frames[i-1]
		job := &Job{InMonitor: true}
		for _, h := range w.held {
			if h.Class == Domain {
				job.Domain = h.Object
			}
		}
		w.drop(Domain, Driver)
		c, arg := classOfMonitor(callee), "mon"
		object := in.Pointer(arg)
		if object == 0 && c == Agent {
			object = in.Pointer("agent")
		}
		w.take(c, object, i-1, true)
		if !probing.MatchString(n) {
			if c == Agent {
				job.Agent = "modify"
			}
			w.r.Has = job
		}
	case remoteSide.MatchString(callee) && migrates.MatchString(n):
		w.r.Remote = true
		job := &Job{Async: "migration out"}
		for _, h := range w.held {
			if h.Class == Domain {
				job.Domain = h.Object
			}
		}
		w.r.Has = job
		switch all, some := w.era.within(Oldest, 8_002); { // up to 0.8.2 nothing is let go of
		case !some:
			w.drop(Domain, Driver)
		case !all:
			for i := range w.held {
				w.held[i].Sure = false
			}
		}
	}
}

func classOfMonitor(n string) Class {
	if strings.HasPrefix(n, "qemuAgent") {
		return Agent
	}
	return Monitor
}

func (w *walk) domainArg(f *backtrace.Frame) uint64 {
	for _, n := range []string{"obj", "vm", "dom"} {
		if x := f.Pointer(n); x != 0 {
			return x
		}
	}
	return 0
}

// callback is a callback of the monitor or the agent, in the event loop. Who calls it has let go of
// the monitor.
func (w *walk) callback(f *backtrace.Frame, i int, callee string, waits Class) {
	w.drop(Monitor, Agent)
	all, some := w.era.within(Oldest, lastDriverLock)
	closes := ofClose.MatchString(f.Function)
	if closes && some && waits != Driver {
		w.take(Driver, 0, i, all)
	}
	if ofDestroy.MatchString(f.Function) || waits == Domain || waits == Driver ||
		callee == "" && waits == NoClass && w.r.Kind == ForLock {
		return
	}
	sure := !afterEvent.MatchString(callee)
	if callee == "qemuAgentClose" || callee == "virObjectUnref" || callee == "qemuMonitorClose" {
		between, overlaps := w.era.within(10_001, 1_002_015) // there the agent is closed after the domain is unlocked
		if between {
			return
		}
		sure = sure && !overlaps
	}
	w.take(Domain, f.Pointer("vm"), i, sure)
}

// begin is a helper that waits for a job.
func (w *walk) begin(f *backtrace.Frame, i int, last bool) {
	object := w.domainArg(f)
	switch {
	case last: // it has slept, and takes the locks again
		w.drop(Domain, Driver)
		with, sure := w.withDriver(i)
		_, wrong := w.era.within(wrongOrder, orderRepaired-1)
		switch {
		case with && w.r.Waits.Class == Domain:
			w.take(Driver, 0, i, sure)
		case with && w.r.Waits.Class == Driver && wrong: // where its time is up
			w.take(Domain, object, i, false)
		}
	case w.r.Kind == ForJob:
		w.drop(Domain, Driver)
	default:
		w.take(Domain, object, i, true)
	}
}

// The releases from and to which BeginJobWithDriver locks the driver under the domain where its
// time is up.
const (
	wrongOrder    = Version(7_005)
	orderRepaired = Version(9_001)
)

// withDriver reports whether a helper is called with the driver locked, which it or one of those
// that call it says, up to the last release that has such helpers.
func (w *walk) withDriver(i int) (with, sure bool) {
	all, some := w.era.within(Oldest, lastDriverLock)
	if !some {
		return false, false
	}
	for ; i < len(w.frames); i++ {
		f := &w.frames[i]
		switch n := f.Function; {
		case !enter.MatchString(n) && !leave.MatchString(n) && !beginJob.MatchString(n):
			return false, false
		case strings.HasSuffix(n, "WithDriver"), f.Arg("driver_locked") == "true":
			return true, true
		case n == "qemuDomainObjEnterMonitorAsync":
			return true, all
		}
	}
	return false, false
}

// list is a function that goes through the list of domains.
func (w *walk) list(f *backtrace.Frame, i int, waits Class) {
	n := f.Function
	oldAll, oldSome := w.era.within(Oldest, lastDriverLock)
	if oldAll { // the list belongs to the driver lock, which the caller has taken
		if w.r.Driver != "" {
			w.take(Driver, 0, i, true)
		}
		return
	}
	if n == "virDomainObjListRemove" || n == "virDomainObjListRename" {
		w.drop(Domain)
	}
	if waits == List || waits == NoClass && w.r.Kind == ForLock && i == w.r.Where {
		return
	}
	sure := !oldSome
	switch n {
	case "virDomainObjListFindByID":
		after, some := w.era.within(4_002_000, Newest) // the list is unlocked before the domain is locked
		if after {
			return
		}
		sure = sure && !some
	case "virDomainObjListFindByName":
		after, some := w.era.within(1_002_017, 4_001_999)
		if after {
			return
		}
		sure = sure && !some
	case "virDomainObjListFindByUUIDInternal", "virDomainObjListFindByIDInternal":
		caller := ""
		if i+1 < len(w.frames) {
			caller = w.frames[i+1].Function
		}
		if strings.HasSuffix(caller, "Ref") || f.Arg("ref") == "true" { // with a reference the list is let go of
			return
		}
		sure = strings.HasPrefix(caller, "virDomainObjListFind")
	case "virDomainObjListExport":
		after, some := w.era.within(1_002_015, Newest)
		if after {
			return
		}
		sure = sure && !some
	}
	if afterList.MatchString(n) {
		return
	}
	w.take(List, 0, i, sure)
}

// entry is a driver's part of a call.
func (w *walk) entry(f *backtrace.Frame, i int, callee string, waits Class) {
	if !ofDriver.MatchString(f.Function) || monitorLike.MatchString(f.Function) {
		return
	}
	switch {
	case waits == Domain, waits == Driver, callee == "", lookUps.MatchString(callee), beforeHeld.MatchString(callee):
		return
	case !strings.HasPrefix(Call(w.r.API), "Domain"), noDomainOf.MatchString(Call(w.r.API)):
		return
	}
	w.take(Domain, f.Pointer("vm"), i, true)
}

// keepsDriver reports whether some release of the era has a function that keeps the driver lock.
func (w *walk) keepsDriver(n string) bool {
	for _, s := range throughout()[n] {
		if _, some := w.era.within(s.from, s.to); some {
			return true
		}
	}
	return false
}

// keptByAll reports whether the newest release of the era still does: before its first one a
// function was not there, or had another name.
func (w *walk) keptByAll(n string) bool {
	for _, s := range throughout()[n] {
		if s.to >= w.era.To {
			return true
		}
	}
	return false
}

// job completes which job the thread holds.
func (w *walk) job() {
	r := w.r
	async := asyncOf(w.frames)
	if w.era.To < 9_004 { // there were no async jobs
		async = ""
	}
	switch {
	case r.Kind == ForJob || r.Kind == ForLock && r.Has == nil:
		return
	case r.Has == nil && r.Kind == ForEvent && async != "":
		r.Has = &Job{Async: async}
	case r.Has == nil && (r.Kind == ForChild || r.Kind == Asleep || r.Kind == InCall || r.Kind == ForDaemon) &&
		async != "" && (r.Hook || r.API != ""):
		r.Has = &Job{Async: async}
	case r.Has == nil:
		return
	}
	j := r.Has
	if j.Domain == 0 {
		for i := range w.frames {
			if vm := w.frames[i].Pointer("vm"); vm != 0 {
				j.Domain = vm
			}
		}
	}
	if j.Agent != "" && w.era.To < 4_005_000 { // agents had no job of their own
		j.Agent, j.Job = "", "modify"
	}
	switch {
	case j.Job != "":
	case j.Agent != "":
		for i := range w.frames {
			if c := Call(w.frames[i].Function); strings.HasPrefix(c, "DomainGet") || strings.Contains(c, "InterfaceAddresses") {
				j.Agent = "query"
			}
		}
	case async != "" && j.InMonitor:
		j.Job, j.Async = "async nested", async
	case async != "":
		j.Async = async
	default:
		for i := range w.frames {
			if k := jobOfCall(Call(w.frames[i].Function)); k != "" {
				j.Job = k
			}
		}
	}
}

// IsDestroyCallback reports whether a function is what a monitor or an agent calls when it is
// freed.
func IsDestroyCallback(n string) bool {
	return callback.MatchString(n) && ofDestroy.MatchString(n)
}
