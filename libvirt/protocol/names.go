package protocol

import (
	"strings"

	"github.com/lockproof/lockproof/libvirt/backtrace"
)

var (
	prefixes  = re(`^(?:remoteDispatch|remote|vir|qemud?|lxc|libxl|test|vz|parallels|bhyve|ch|uml|xen\w*?)([A-Z])`)
	publicAPI = re(
		`^vir(?:Domain|Connect|Network|NWFilter|Storage(?:Pool|Vol)|Interface|Secret|NodeDevice|Node|Stream)[A-Z]\w*$`)
	internal = re(
		`^vir(?:Domain|Network|NWFilter|Storage\w*|Interface|Secret|NodeDevice)(?:Obj|Def[A-Z]|FindBy|Assign|Event[A-Z]|Audit|Job[A-Z]|CondVar)`)
	dispatch = re(`^(?:remote|admin|qemu)Dispatch[A-Z]\w*$`)
	apiFiles = re(`(?:^|/)libvirt(?:-[\w-]+)?\.c:`)
	ofDriver = re(
		`^(?:qemud?|lxc|libxl|uml|vz|prlsdk|parallels|bhyve|ch|vircH|test|openvz|vmware|vbox|esx|phyp|xen\w*?|nwfilter|network|storage\w*?|remote)[A-Z]`)
)

// Call is the name of a call of the API without what says at which level it was seen:
// remoteDispatchDomainX, virDomainX, qemuDomainX and DomainX are one call.
func Call(function string) string {
	return prefixes.ReplaceAllString(strings.TrimSuffix(function, "Helper"), "$1")
}

// apiOf finds the call of the API that a stack serves, as the stack prints it, and the frame below
// which the driver begins; -1 where there is none.
func apiOf(frames []backtrace.Frame) (name string, at int) {
	at = -1
	for i := len(frames) - 1; i >= 0; i-- {
		f := &frames[i]
		switch {
		case dispatch.MatchString(f.Function):
			if name == "" {
				name, at = strings.TrimSuffix(f.Function, "Helper"), i
			}
		case publicAPI.MatchString(f.Function) && !internal.MatchString(f.Function) && isPublic(frames, i):
			return f.Function, i
		}
	}
	if name != "" {
		return name, at
	}
	// A stack that was cut off above the driver still names its function.
	for i := len(frames) - 1; i >= 0; i-- {
		if f := &frames[i]; isDriverCall(f) {
			return f.Function, i + 1
		}
	}
	return "", -1
}

// isPublic tells a function of libvirt's API from one within the library: a driver or a
// dispatcher stands next to it.
func isPublic(frames []backtrace.Frame, i int) bool {
	if apiFiles.MatchString(frames[i].File) {
		return true
	}
	if i+1 < len(frames) && dispatch.MatchString(frames[i+1].Function) {
		return true
	}
	return i > 0 && ofDriver.MatchString(frames[i-1].Function) &&
		(i+1 == len(frames) || !ofDriver.MatchString(frames[i+1].Function))
}

// isDriverCall reports whether a function is a driver's part of a call: it has the domain or
// connection of the caller as an argument, or a name that is known as such.
func isDriverCall(f *backtrace.Frame) bool {
	if !ofDriver.MatchString(f.Function) || strings.Contains(f.Function, "DomainObj") {
		return false
	}
	for i := range f.Args {
		if n := f.Args[i].Name; i == 0 && (n == "dom" || n == "domain" || n == "conn") {
			return true
		}
	}
	return jobOfCall(Call(f.Function)) != "" || knownCall.MatchString(f.Function)
}

var knownCall = re(
	`^(?:qemud?|lxc|libxl)Domain(?:Create\w*|Start\w*|Destroy\w*|Shutdown\w*|Suspend|Resume|Save\w*|ManagedSave|Restore\w*|` +
		`Migrate\w+\d?\w*|MigrateP\w+|Snapshot(?:CreateXML|Delete)|RevertToSnapshot|Undefine\w*|DefineXML\w*|CoreDump\w*|OpenConsole|BackupBegin|GetXMLDesc|GetState)$`)

// wrappers are functions that only lock, or only wait, for who calls them.
var wrappers = re(
	`^(?:virMutexLock|virRWLock(?:Read|Write)|virLockGuard\w*|virObjectLock(?:Guard)?|virObjectRWLock(?:Read|Write)|virObjectLock(?:Read|Write)|` +
		`virCondWait(?:Until)?|virDomainObjLock|qemuMonitorLock|qemuAgentLock|(?:qemu|lxc|libxl|uml|umlDriver|nwfilter|network)DriverLock|virObjectGetRWLockableObj|virObjectGetLockableObj)$`)

var (
	kernelEntry = re(
		`^(?:__kernel_vsyscall|syscall|__syscall_cancel(?:_arch(?:_end)?)?|__internal_syscall_cancel|_+libc_\w+_cancel|)$`)
	glibcLocks = re(`^_*pthread_(?:mutex|rwlock|cond)_\w+$`)
	lockWait   = re(
		`^(?:_*(?:lll|L)_(?:cond_|mutex_)?(?:timed|clock)?lock_(?:wait\w*|optimized|full|\d+)|_*futex_(?:abstimed_|reltimed_)?wait\w*|do_futex_wait\w*|futex_wait\w*)$`)
	mutexLock = re(`^_*pthread_mutex_(?:(?:timed|clock|cond_)?lock(?:_full)?)$`)
	rwLock    = re(`^_*pthread_rwlock_(?:timed|clock)?(?:rd|wr)lock(?:_full)?(?:64)?$`)
	condWait  = re(`^_*pthread_cond_(?:timed|clock)?wait(?:_common)?(?:64)?$`)
	polling   = re(`^_*(?:libc_)?(?:g_)?(?:p?poll|p?select|epoll_p?wait)(?:_chk|64)?(?:_2)?$`)
	sleeping  = re(`^_*(?:libc_)?(?:nanosleep|clock_nanosleep|usleep|sleep|g_usleep)(?:_time64)?(?:_2)?$`)
	childWait = re(`^_*(?:libc_)?(?:waitpid|wait4|wait3|waitid|wait)$`)
	ioCall    = re(
		`^_*(?:libc_|GI_|GI__libc_)?(?:p?(?:read|write)v?|open(?:at)?|close|[lf]?x?stat(?:at|fs|vfs)?|statvfs|statx|fsync|fdatasync|recv(?:from|msg)?|send(?:to|msg)?|connect|accept4?|ioctl|flock|fcntl|access|unlink|rename|mkdir|getdents|readdir|umount2?|mount|sync|lseek|ftruncate|fallocate|posix_fallocate)(?:64)?(?:_2|_nocancel)?$`)
	abortCall = re(
		`^_*(?:GI_)?(?:raise|abort|libc_message\w*|fortify_fail\w*|chk_fail|stack_chk_fail\w*|malloc_printerr|malloc_assert|assert_fail(?:_base)?|assert|pthread_kill(?:_implementation|_internal)?|g_assertion_message\w*|g_log_(?:default_handler|structured_\w+|writer_\w+)|g_abort)$`)
)

func isAny(name string, all ...*pattern) bool {
	for _, r := range all {
		if r.MatchString(name) {
			return true
		}
	}
	return false
}

// IsWrapper reports whether a function only locks or waits for who calls it.
func IsWrapper(n string) bool { return wrappers.MatchString(n) || glibcLocks.MatchString(n) }

// APIOf is the call of the API that a stack serves, as the stack prints it; "" where it shows none.
func APIOf(frames []backtrace.Frame) string {
	api, _ := apiOf(frames)
	return api
}

var ofLibvirt = re(`^(?:vir[A-Z]\w*|(?:qemud?|lxc|libxl|remote|daemon|admin|nwfilter|umlDriver|bhyve|prlsdk)[A-Z]\w*)$`)

// OfLibvirt reports whether a dump shows libvirt's daemon, or a program that uses libvirt.
func OfLibvirt(d *backtrace.Dump) bool {
	if strings.Contains(d.Process, "virt") {
		return true
	}
	for _, t := range d.Threads {
		for i := range t.Frames {
			f := &t.Frames[i]
			if ofLibvirt.MatchString(f.Function) || strings.Contains(f.Library, "virt") || strings.Contains(f.File, "virt") {
				return true
			}
		}
	}
	return false
}
