package vocabulary

// rwlocks lists the reader-writer locks of POSIX, libvirt and GLib.
var rwlocks = []Function{
	{"pthread_rwlock_rdlock", ReadLock, []Param{RWLock}, Zero, Never},
	{"pthread_rwlock_tryrdlock", TryReadLock, []Param{RWLock}, TryResult, Never},
	{"pthread_rwlock_wrlock", WriteLock, []Param{RWLock}, Zero, Never},
	{"pthread_rwlock_trywrlock", TryWriteLock, []Param{RWLock}, TryResult, Never},
	{"pthread_rwlock_unlock", UnlockEither, []Param{RWLock}, Zero, Never},
	{"pthread_rwlock_init", None, []Param{RWLock, Null}, Zero, Arguments},
	{"pthread_rwlock_destroy", None, []Param{RWLock}, Zero, Arguments},

	{"virRWLockRead", ReadLock, []Param{RWLock}, NoResult, Never},
	{"virRWLockWrite", WriteLock, []Param{RWLock}, NoResult, Never},
	{"virRWLockUnlock", UnlockEither, []Param{RWLock}, NoResult, Never},
	{"virRWLockInit", None, []Param{RWLock}, Zero, Arguments},
	{"virRWLockDestroy", None, []Param{RWLock}, NoResult, Arguments},

	{"g_rw_lock_reader_lock", ReadLock, []Param{RWLock}, NoResult, Never},
	{"g_rw_lock_reader_trylock", TryReadLock, []Param{RWLock}, Taken, Never},
	{"g_rw_lock_reader_unlock", ReadUnlock, []Param{RWLock}, NoResult, Never},
	{"g_rw_lock_writer_lock", WriteLock, []Param{RWLock}, NoResult, Never},
	{"g_rw_lock_writer_trylock", TryWriteLock, []Param{RWLock}, Taken, Never},
	{"g_rw_lock_writer_unlock", WriteUnlock, []Param{RWLock}, NoResult, Never},
	{"g_rw_lock_init", None, []Param{RWLock}, NoResult, Arguments},
	{"g_rw_lock_clear", None, []Param{RWLock}, NoResult, Arguments},
}
