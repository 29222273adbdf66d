package vocabulary

import (
	"maps"
	"slices"
)

// Lookup returns what a name means, or nil. Nobody may change it.
func Lookup(name string) *Function { return table[name] }

// IsMessage reports whether a name is that of a message, see [Function.Message].
func IsMessage(name string) bool {
	f := Lookup(name)
	return f != nil && f.Message()
}

// PutsText reports whether a message shows its first argument as it is.
func PutsText(name string) bool { return slices.Contains([]string{"puts", "fputs", "perror"}, name) }

// Names lists the names in the table, in order.
func Names() []string { return slices.Sorted(maps.Keys(table)) }

var table = func() map[string]*Function {
	mutex, cond, object, any := []Param{Mutex}, []Param{Cond}, []Param{Object}, []Param{Any}
	functions := []Function{
		{"virMutexLock", Lock, mutex, NoResult, Never},
		{"virMutexUnlock", Unlock, mutex, NoResult, Never},
		{"virMutexDestroy", Destroy, mutex, NoResult, Arguments},
		{"virCondInit", Init, cond, Zero, Arguments},
		{"virCondDestroy", Destroy, cond, Zero, Arguments},
		{"virCondWait", Wait, []Param{Cond, Mutex}, WaitResult, Never},
		{"virCondWaitUntil", Wait, []Param{Cond, Mutex, Any}, WaitResult, Never},
		{"virCondSignal", Signal, cond, NoResult, Never},
		{"virCondBroadcast", Broadcast, cond, NoResult, Never},

		{"pthread_mutex_lock", Lock, mutex, Zero, Never},
		{"pthread_mutex_trylock", TryLock, mutex, TryResult, Never},
		{"pthread_mutex_unlock", Unlock, mutex, Zero, Never},
		{"pthread_mutex_destroy", Destroy, mutex, Zero, Arguments},
		{"pthread_cond_destroy", Destroy, cond, Zero, Arguments},
		{"pthread_cond_wait", Wait, []Param{Cond, Mutex}, Zero, Never},
		{"pthread_cond_timedwait", Wait, []Param{Cond, Mutex, Any}, TimedResult, Never},
		{"pthread_cond_signal", Signal, cond, Zero, Never},
		{"pthread_cond_broadcast", Broadcast, cond, Zero, Never},

		{"mtx_lock", Lock, mutex, Zero, Never},
		{"mtx_trylock", TryLock, mutex, ThreadTry, Never},
		{"mtx_unlock", Unlock, mutex, Zero, Never},
		{"mtx_destroy", Destroy, mutex, NoResult, Arguments},
		{"cnd_init", Init, cond, Zero, Arguments},
		{"cnd_destroy", Destroy, cond, NoResult, Arguments},
		{"cnd_wait", Wait, []Param{Cond, Mutex}, Zero, Never},
		{"cnd_timedwait", Wait, []Param{Cond, Mutex, Any}, ThreadTimed, Never},
		{"cnd_signal", Signal, cond, Zero, Never},
		{"cnd_broadcast", Broadcast, cond, Zero, Never},

		{"sched_yield", None, nil, Zero, Arguments},
		{"thrd_yield", None, nil, NoResult, Arguments},
		{"sleep", None, any, Zero, Arguments},
		{"usleep", None, any, Zero, Arguments},
		{"g_usleep", None, any, NoResult, Arguments},

		{"virDomainObjRef", Ref, object, Count, Never},
		{"virDomainObjUnref", Unref, object, Count, Never},
		{"qemuMonitorRef", Ref, object, Count, Never},
		{"qemuMonitorUnref", Unref, object, Count, Never},
		{"qemuAgentRef", Ref, object, Count, Never},
		{"qemuAgentUnref", Unref, object, Count, Never},
		{"virObjectRef", Ref, []Param{ObjectOrNull}, SameObject, Never},
		{"virObjectUnref", Unref, []Param{ObjectOrNull}, Alive, Never},

		{"listFind", Find, object, SameObject, Never},
		{"listLookup", LookUp, object, SameObject, Never},
		{"listRemove", Remove, object, Count, Never},
		{"access", Access, object, NoResult, Never},

		{"held", Held, any, Int, Never},
		{"self", Self, nil, Int, Never},
		{"nondet", Nondet, nil, Int, Never},
		{"clientGone", ClientGone, nil, Int, Never},
		{"qemuAnswers", Answers, nil, NoResult, Never},
		{"check", Check, []Param{KindName, Condition}, NoResult, Never},
		{"requires", Requires, []Param{Condition}, NoResult, Never},
		{"assert", Assert, []Param{Condition}, NoResult, Never},
		{"memset", SetMemory, []Param{Any, Any, Any}, First, Never},
		{"bzero", SetMemory, []Param{Any, Any}, NoResult, Never},
		{"memcpy", CopyMemory, []Param{Any, Any, Any}, First, Never},
		{"memmove", CopyMemory, []Param{Any, Any, Any}, First, Never},
		{"ignore_value", None, any, First, Arguments},
		{"G_LIKELY", None, any, First, Arguments},
		{"G_UNLIKELY", None, any, First, Arguments},
	}
	m := make(map[string]*Function)
	functions = append(append(functions, memory...), guards...)
	functions = append(append(append(append(functions, glib...), syncs...), rwlocks...), kinds...)
	functions = append(functions, clocks...)
	functions = append(functions, computed...)
	functions = append(functions, threads...)
	for i := range functions {
		m[functions[i].Name] = &functions[i]
	}
	for name := range atomics {
		m[name] = &Function{Name: name, Effect: Atomically}
	}
	for _, name := range messages {
		m[name] = &Function{Name: name, Passing: Skip}
	}
	return m
}()

// messages tell people something, and change nothing that is modelled: of a call only the arguments
// are evaluated.
var messages = []string{
	"VIR_DEBUG", "VIR_INFO", "VIR_WARN", "VIR_ERROR", "VIR_DEBUG0", "VIR_WARN0", "VIR_ERROR0", "DEBUG", "DEBUG0",
	"virReportError", "virReportSystemError", "virReportOOMError", "virReportEnumRangeError", "virRaiseError",
	"virResetLastError", "virDispatchError", "qemudReportError", "qemuReportError",
	"printf", "fprintf", "puts", "fputs", "putchar", "perror", "fflush", "syslog",
	"g_debug", "g_info", "g_message", "g_warning", "g_critical", "g_print", "g_printerr",
	"printk", "pr_debug", "pr_info", "pr_notice", "pr_warn", "pr_err",
}
