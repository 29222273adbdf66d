package vocabulary

// rwlocks lists the reader-writer locks of POSIX, libvirt and GLib.
var rwlocks = []Function{
	{"pthread_rwlock_rdlock", ReadLock, []Param{RWLock}, Zero, Never},
	{"pthread_rwlock_tryrdlock", TryReadLock, []Param{RWLock}, TryResult, Never},
	{"pthread_rwlock_wrlock", WriteLock, []Param{RWLock}, Zero, Never},
	{"pthread_rwlock_trywrlock", TryWriteLock, []Param{RWLock}, TryResult, Never},
	{"pthread_rwlock_unlock", UnlockEither, []Param{RWLock}, Zero, Never},
	{"pthread_rwlock_timedrdlock", TimedReadLock, []Param{RWLock, Any}, TimedResult, Never},
	{"pthread_rwlock_timedwrlock", TimedWriteLock, []Param{RWLock, Any}, TimedResult, Never},
	{"pthread_rwlock_clockrdlock", TimedReadLock, []Param{RWLock, Any, Any}, TimedResult, Never},
	{"pthread_rwlock_clockwrlock", TimedWriteLock, []Param{RWLock, Any, Any}, TimedResult, Never},
	{"pthread_rwlock_init", RWInit, []Param{RWLock, RWLockAttr}, Zero, Arguments},
	{"pthread_rwlockattr_init", AttrInit, []Param{RWLockAttr}, Zero, Never},
	{"pthread_rwlockattr_setkind_np", AttrSet, []Param{RWLockAttr, Number}, Zero, Never},
	{"pthread_rwlockattr_getkind_np", AttrGet, []Param{RWLockAttr, IntAddress}, Zero, Never},
	{"pthread_rwlockattr_setpshared", None, []Param{RWLockAttr, Number}, Zero, Arguments},
	{"pthread_rwlockattr_destroy", None, []Param{RWLockAttr}, Zero, Arguments},
	{"pthread_rwlock_destroy", Destroy, []Param{RWLock}, Zero, Arguments},

	{"virRWLockRead", ReadLock, []Param{RWLock}, NoResult, Never},
	{"virRWLockWrite", WriteLock, []Param{RWLock}, NoResult, Never},
	{"virRWLockUnlock", UnlockEither, []Param{RWLock}, NoResult, Never},
	{"virRWLockInit", RWInit, []Param{RWLock}, Zero, Arguments},
	{"virRWLockInitPreferWriter", RWInit, []Param{RWLock}, Zero, Arguments},
	{"virRWLockDestroy", Destroy, []Param{RWLock}, NoResult, Arguments},

	{"g_rw_lock_reader_lock", ReadLock, []Param{RWLock}, NoResult, Never},
	{"g_rw_lock_reader_trylock", TryReadLock, []Param{RWLock}, Taken, Never},
	{"g_rw_lock_reader_unlock", ReadUnlock, []Param{RWLock}, NoResult, Never},
	{"g_rw_lock_writer_lock", WriteLock, []Param{RWLock}, NoResult, Never},
	{"g_rw_lock_writer_trylock", TryWriteLock, []Param{RWLock}, Taken, Never},
	{"g_rw_lock_writer_unlock", WriteUnlock, []Param{RWLock}, NoResult, Never},
	{"g_rw_lock_init", RWInit, []Param{RWLock}, NoResult, Arguments},
	{"g_rw_lock_clear", Destroy, []Param{RWLock}, NoResult, Arguments},
}

// PreferWriter is the kind of a reader-writer lock where a writer that waits keeps readers out:
// glibc's PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP.
const PreferWriter = 2

// RWKind is the kind of reader-writer lock that an initialiser, or a call that takes nothing but
// the lock, makes.
func RWKind(name string) int64 {
	switch name {
	case "virRWLockInitPreferWriter", "PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP":
		return PreferWriter
	}
	return 0
}
