package vocabulary

// glib lists GLib's mutexes and condition variables.
var glib = []Function{
	{"g_mutex_lock", Lock, []Param{Mutex}, NoResult, Never},
	{"g_mutex_trylock", TryLock, []Param{Mutex}, Taken, Never},
	{"g_mutex_unlock", Unlock, []Param{Mutex}, NoResult, Never},
	{"g_mutex_clear", Destroy, []Param{Mutex}, NoResult, Arguments},
	{"g_cond_init", Init, []Param{Cond}, NoResult, Arguments},
	{"g_cond_clear", Destroy, []Param{Cond}, NoResult, Arguments},
	{"g_cond_wait", Wait, []Param{Cond, Mutex}, NoResult, Never},
	{"g_cond_wait_until", Wait, []Param{Cond, Mutex, Any}, InTime, Never},
	{"g_cond_signal", Signal, []Param{Cond}, NoResult, Never},
	{"g_cond_broadcast", Broadcast, []Param{Cond}, NoResult, Never},
	{"G_LOCK", LockNamed, []Param{Any}, NoResult, Never},
	{"G_TRYLOCK", TryLockNamed, []Param{Any}, Taken, Never},
	{"G_UNLOCK", UnlockNamed, []Param{Any}, NoResult, Never},
}

// Success is the result of a lock that was taken, or of a wait that was woken.
func (r Result) Success() int64 {
	if r == Taken || r == InTime {
		return 1
	}
	return 0
}
