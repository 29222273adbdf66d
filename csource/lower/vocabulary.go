package lower

import "github.com/lockproof/lockproof/model"

// prim is a function whose meaning the checker knows.
type prim struct {
	name   string
	op     primOp
	args   []argKind
	result resultKind
}

type primOp uint8

const (
	primLock primOp = iota
	primTryLock
	primUnlock
	primWait
	primSignal
	primBroadcast
	primRef
	primUnref
	primFind
	primRemove
	primAccess
	primHeld
	primSelf
	primNondet
	primCheck
	primRequires
	primAssert
	primValue   // the value of its argument: ignore_value
	primNothing // evaluates its arguments and does nothing
	primSilent  // does not even evaluate its arguments: messages, debug output
)

type argKind uint8

const (
	argMutex argKind = iota
	argCond
	argObject
	argObjectOrNull // NULL is passed over, as virObjectUnref does
	argKindName
	argCondition
	argAny
)

type resultKind uint8

const (
	resultNone  resultKind = iota
	resultZero             // 0: it worked
	resultWait             // 0, or -1 after giving up
	resultTry              // 0, or 1 when the lock is taken
	resultCount            // references left
	resultAlive            // whether references are left
	resultObject
	resultInt
)

// vocabulary is the table of primitives: libvirt's names per era, the pthread names, and our own. What is not here and
// not defined in C is unknown.
var vocabulary = func() map[string]*prim {
	mutex, cond, object, any := []argKind{argMutex}, []argKind{argCond}, []argKind{argObject}, []argKind{argAny}
	table := []prim{
		{"virMutexLock", primLock, mutex, resultNone},
		{"virMutexUnlock", primUnlock, mutex, resultNone},
		{"virMutexInit", primNothing, any, resultZero},
		{"virMutexDestroy", primNothing, any, resultNone},
		{"virCondInit", primNothing, any, resultZero},
		{"virCondDestroy", primNothing, any, resultZero},
		{"virCondWait", primWait, []argKind{argCond, argMutex}, resultWait},
		{"virCondWaitUntil", primWait, []argKind{argCond, argMutex, argAny}, resultWait},
		{"virCondSignal", primSignal, cond, resultNone},
		{"virCondBroadcast", primBroadcast, cond, resultNone},

		{"pthread_mutex_lock", primLock, mutex, resultZero},
		{"pthread_mutex_trylock", primTryLock, mutex, resultTry},
		{"pthread_mutex_unlock", primUnlock, mutex, resultZero},
		{"pthread_mutex_init", primNothing, []argKind{argAny, argAny}, resultZero},
		{"pthread_mutex_destroy", primNothing, any, resultZero},
		{"pthread_cond_init", primNothing, []argKind{argAny, argAny}, resultZero},
		{"pthread_cond_destroy", primNothing, any, resultZero},
		{"pthread_cond_wait", primWait, []argKind{argCond, argMutex}, resultWait},
		{"pthread_cond_timedwait", primWait, []argKind{argCond, argMutex, argAny}, resultWait},
		{"pthread_cond_signal", primSignal, cond, resultZero},
		{"pthread_cond_broadcast", primBroadcast, cond, resultZero},

		{"virDomainObjRef", primRef, object, resultCount},
		{"virDomainObjUnref", primUnref, object, resultCount},
		{"qemuMonitorRef", primRef, object, resultCount},
		{"qemuMonitorUnref", primUnref, object, resultCount},
		{"virObjectRef", primRef, []argKind{argObjectOrNull}, resultObject},
		{"virObjectUnref", primUnref, []argKind{argObjectOrNull}, resultAlive},

		{"listFind", primFind, object, resultObject},
		{"listRemove", primRemove, object, resultCount},
		{"access", primAccess, object, resultNone},

		{"held", primHeld, any, resultInt},
		{"self", primSelf, nil, resultInt},
		{"nondet", primNondet, nil, resultInt},
		{"check", primCheck, []argKind{argKindName, argCondition}, resultNone},
		{"requires", primRequires, []argKind{argCondition}, resultNone},
		{"assert", primAssert, []argKind{argCondition}, resultNone},
		{"ignore_value", primValue, any, resultInt},
	}
	m := make(map[string]*prim)
	for i := range table {
		m[table[i].name] = &table[i]
	}
	for _, name := range []string{
		"VIR_DEBUG", "VIR_INFO", "VIR_WARN", "VIR_ERROR", "VIR_DEBUG0", "VIR_WARN0", "VIR_ERROR0", "DEBUG", "DEBUG0",
		"virReportError", "virReportSystemError", "virReportOOMError", "virRaiseError", "virResetLastError",
		"qemudReportError", "qemuReportError", "virUUIDFormat", "VIR_FREE", "printf", "fprintf", "memset",
	} {
		m[name] = &prim{name: name, op: primSilent, result: resultNone}
	}
	return m
}()

// Silent reports whether a function is a message: a call is passed over, arguments and all.
func Silent(name string) bool { return vocabulary[name] != nil && vocabulary[name].op == primSilent }

// Inert reports whether a function evaluates its arguments, does nothing and gives 0: it makes or destroys a lock.
func Inert(name string) bool { return vocabulary[name] != nil && vocabulary[name].op == primNothing }

// KindName reads the first argument of check as a kind: "no-job", no_job or no-job.
func KindName(text string) (model.Kind, bool) {
	b := make([]byte, 0, len(text))
	for i := range len(text) {
		switch c := text[i]; {
		case c == '_':
			b = append(b, '-')
		case c == ' ' || c == '"' || c == '(' || c == ')':
		default:
			b = append(b, c)
		}
	}
	return model.Kind(b), model.IsKind(string(b))
}
