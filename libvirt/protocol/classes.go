package protocol

import (
	"strings"

	"github.com/lockproof/lockproof/libvirt/backtrace"
)

var (
	ofDriverLock = re(`^(?:\w+DriverLock|virQEMUDriverGet\w*|qemud?(?:Connect)?Close|(?:lxc|libxl|uml)(?:Connect)?Close)$`)
	ofEnter      = re(`^qemuDomainObjEnterMonitor\w*$`)
	ofEnterAgent = re(`^qemuDomainObjEnterAgent\w*$`)
	filterLocks  = re(`^virNWFilter(?:Read|Write)?LockFilterUpdates$|^_?virNWFilterInstantiateFilter\w*$`)
	filterObject = re(`^virNWFilter(?:Pool)?Obj(?:Lock|FindBy\w+|List\w+)$`)
	updatesVM    = re(`^(?:virNWFilterDomainFWUpdateCB|virNWFilterBuildOne|qemuVMFilterRebuild\w*|qemudVMFilterRebuild)$`)
	closers      = re(`^vir(?:QEMU)?CloseCallbacks\w*$|^qemuDriverCloseCallback\w*$`)
	libraryCode  = re(
		`^(?:virObjectEvent\w+|virNet(?:Client|Server|Daemon|Socket|TLS|SASL)\w*|virLog\w*|virEventPoll\w*|virStorage\w*|virNetwork\w*|virHash\w*|virThreadPool\w*|virFDStream\w*|virInterface\w*|virSecret\w*|virNode\w*|nodeDevice\w*|udev\w+|network\w+|storage\w+|virConnect\w+|daemon\w+|virCapabilities\w*|virFirewall\w*|virSecurity\w*|virHostdev\w*|virPCI\w*|virLockManager\w*|virIdentity\w*|virNWFilter\w*|nwfilter\w+|virDomainEvent\w*|virPortAllocator\w*|virMacMap\w*|virDBus\w*)$`)
)

// argsOf are the names of the arguments that an object of a class has.
var argsOf = map[Class][]string{
	Domain: {"vm", "obj", "dom"}, Monitor: {"mon", "opaque"},
	Agent: {"agent", "mon", "opaque"},
}

// classify says which class of lock a thread waits for, from the function that locks it.
func (w *walk) classify() {
	r := w.r
	if r.Kind != ForLock || r.Waits.Class != NoClass {
		return
	}
	r.Waits.Class = w.byCall()
	if r.Where >= len(w.frames) {
		return
	}
	if r.Waits.Class == NoClass {
		r.Waits.Class = w.classOf(r.Where)
	}
	if r.Waits.Object == 0 && r.Waits.Mutex == 0 { // the function that locks has the object as an argument
		for _, n := range argsOf[r.Waits.Class] {
			if x := w.frames[r.Where].Pointer(n); x != 0 {
				r.Waits.Object = x
				break
			}
		}
	}
	if r.Waits.Class == Driver || r.Waits.Class == List {
		r.Waits.Of = r.Driver
	}
}

// byCall is the class of the lock where the call that takes it has a name that says so.
func (w *walk) byCall() Class {
	for i := range min(w.r.Where, len(w.frames)) {
		switch n := w.frames[i].Function; {
		case strings.HasSuffix(n, "DriverLock") && !strings.HasPrefix(n, "nwfilter") && !strings.HasPrefix(n, "network"):
			return Driver
		case n == "virDomainObjLock":
			return Domain
		case n == "qemuMonitorLock":
			return Monitor
		case n == "qemuAgentLock":
			return Agent
		}
	}
	return NoClass
}

func (w *walk) classOf(at int) Class {
	f := &w.frames[at]
	n := f.Function
	object := w.r.Waits.Object
	_, old := w.era.within(Oldest, lastDriverLock)
	rw := false
	for i := range at {
		rw = rw || rwLock.MatchString(w.frames[i].Function) || strings.HasPrefix(w.frames[i].Function, "virObjectRWLock")
	}
	switch {
	case callback.MatchString(n):
		if mon := f.Pointer("mon"); mon != 0 && mon == object {
			return Monitor
		}
		return Domain
	case iterators.MatchString(n):
		return Domain
	case ownList.MatchString(n):
		return w.listOrDomain(n, f.Pointer("doms"), object, rw)
	case oldList.MatchString(n):
		return Domain
	case ofEnter.MatchString(n):
		return Monitor
	case ofEnterAgent.MatchString(n):
		return Agent
	case leave.MatchString(n):
		if old && strings.HasSuffix(n, "WithDriver") && object == 0 && w.r.Waits.Mutex == 0 {
			return NoClass // the driver or the domain
		}
		return Domain
	case beginJob.MatchString(n):
		return Domain
	case monitorLike.MatchString(n):
		return classOfMonitor(n)
	case filterLocks.MatchString(n):
		return Filter
	case filterObject.MatchString(n):
		return FilterObject
	case updatesVM.MatchString(n):
		return Domain
	case closers.MatchString(n):
		if vm := f.Pointer("vm"); vm != 0 && vm == object {
			return Domain
		}
		return Callbacks
	case ofDriverLock.MatchString(n):
		return Driver
	case libraryCode.MatchString(n):
		return NoClass
	case ofDriver.MatchString(n) || contract.MatchString(n):
		return w.ofDriver(at, rw, old)
	}
	return NoClass
}

// listOrDomain tells the two locks apart that a function of the list takes.
func (w *walk) listOrDomain(n string, doms, object uint64, rw bool) Class {
	switch {
	case rw:
		return List
	case doms != 0 && object != 0 && doms == object:
		return List
	case doms != 0 && object != 0:
		return Domain
	}
	if all, _ := w.era.within(3_006_000, Newest); all { // the list is a reader-writer lock
		return Domain
	}
	switch n {
	case "virDomainObjListFindByUUID", "virDomainObjListFindByID", "virDomainObjListFindByName",
		"virDomainObjListFindByUUIDInternal",
		"virDomainObjListFindByIDInternal", "virDomainObjListFindByUUIDRef", "virDomainObjListRemove",
		"virDomainObjListRename":
		return NoClass // either
	case "virDomainObjListFindByUUIDLocked", "virDomainObjListFindByNameLocked", "virDomainObjListAddLocked":
		return Domain
	}
	return List
}

// ofDriver is a lock that a driver's function takes itself.
func (w *walk) ofDriver(at int, rw, old bool) Class {
	f := &w.frames[at]
	named := false // virObjectLock stands below: it is a lock of an object, which the driver was not
	for i := range at {
		named = named || strings.HasPrefix(w.frames[i].Function, "virObject")
	}
	all, _ := w.era.within(Oldest, lastDriverLock)
	switch {
	case rw:
		return NoClass
	case named, w.r.Waits.Object != 0 && (f.Pointer("vm") == w.r.Waits.Object || f.Pointer("obj") == w.r.Waits.Object):
		return Domain
	case all && at == w.api-1: // what a call locks first
		return Driver
	case old:
		return NoClass
	}
	return NoClass
}

// ClassOfArg is the class of the lock in the object to which an argument points, by the function
// and the name of the argument.
func ClassOfArg(function, arg string) Class {
	switch arg {
	case "vm":
		if contract.MatchString(function) || strings.HasPrefix(function, "qemu") ||
			strings.HasPrefix(function, "virDomainObj") {
			return Domain
		}
	case "obj", "dom":
		if strings.HasPrefix(function, "qemuDomainObj") ||
			strings.HasPrefix(function, "virDomainObj") && !(arg == "dom" && strings.Contains(function, "virDomainObjFrom")) {
			return Domain
		}
	case "mon":
		if strings.HasPrefix(function, "qemuAgent") || strings.HasPrefix(function, "qemuProcessHandleAgent") {
			return Agent
		}
		if strings.HasPrefix(function, "qemu") {
			return Monitor
		}
	case "agent":
		if strings.HasPrefix(function, "qemu") {
			return Agent
		}
	case "doms":
		return List
	}
	return NoClass
}

// ClassOfCall is the class of the lock that a stack takes whose innermost function is the one of
// glibc, and the driver to which it belongs.
func ClassOfCall(frames []backtrace.Frame, era Era) (c Class, of string) {
	if len(frames) == 0 {
		return NoClass, ""
	}
	r := &Reading{Kind: ForLock}
	r.Where = 1
	for r.Where < len(frames) && (glibcLocks.MatchString(frames[r.Where].Function) ||
		wrappers.MatchString(frames[r.Where].Function)) {
		r.Where++
	}
	r.pointers(frames)
	api, at := apiOf(frames)
	r.API = api
	r.around(&backtrace.Thread{Frames: frames})
	w := walk{r: r, frames: frames, era: era, api: at}
	w.classify()
	return r.Waits.Class, r.Driver
}
