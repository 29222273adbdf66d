package vocabulary

import "strings"

// The kinds of mutexes, with the numbers that glibc gives to PTHREAD_MUTEX_NORMAL and its like.
const (
	NormalMutex     = 0
	RecursiveMutex  = 1
	ErrorCheckMutex = 2
	AdaptiveMutex   = 3
)

// kinds lists what gives a mutex its kind, and GLib's recursive mutexes.
var kinds = []Function{
	{"virMutexInit", MutexInit, []Param{Mutex}, Zero, Arguments},
	{"virMutexInitRecursive", MutexInit, []Param{Mutex}, Zero, Arguments},
	{"pthread_mutex_init", MutexInit, []Param{Mutex, MutexAttr}, Zero, Arguments},
	{"mtx_init", MutexInit, []Param{Mutex, Number}, Zero, Arguments},
	{"g_mutex_init", MutexInit, []Param{Mutex}, NoResult, Arguments},
	{"g_rec_mutex_init", MutexInit, []Param{RecMutex}, NoResult, Arguments},

	{"g_rec_mutex_lock", Lock, []Param{RecMutex}, NoResult, Never},
	{"g_rec_mutex_trylock", TryLock, []Param{RecMutex}, Taken, Never},
	{"g_rec_mutex_unlock", Unlock, []Param{RecMutex}, NoResult, Never},
	{"g_rec_mutex_clear", Destroy, []Param{RecMutex}, NoResult, Arguments},

	{"pthread_mutexattr_init", AttrInit, []Param{MutexAttr}, Zero, Never},
	{"pthread_mutexattr_settype", AttrSet, []Param{MutexAttr, Number}, Zero, Never},
	{"pthread_mutexattr_gettype", AttrGet, []Param{MutexAttr, IntAddress}, Zero, Never},
	{"pthread_mutexattr_destroy", None, []Param{MutexAttr}, Zero, Arguments},
	{"pthread_mutexattr_setprotocol", None, []Param{MutexAttr, Number}, Zero, Arguments},
	{"pthread_mutexattr_setprioceiling", None, []Param{MutexAttr, Number}, Zero, Arguments},
	{"pthread_mutexattr_setpshared", None, []Param{MutexAttr, Number}, Zero, Arguments},
}

// MutexKind is the kind of mutex that an initialiser, or a call that takes nothing but the mutex,
// makes.
func MutexKind(name string) int64 {
	switch name {
	case "PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP", "virMutexInitRecursive", "g_rec_mutex_init":
		return RecursiveMutex
	case "PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP":
		return ErrorCheckMutex
	}
	return NormalMutex
}

// Reports reports whether a call on a mutex gives EPERM or EDEADLK to who may not make it, where
// the kind of the mutex is one that looks: C11 and GLib leave such a call undefined, and libvirt's
// have no result.
func (f *Function) Reports() bool { return strings.HasPrefix(f.Name, "pthread_") }
