package vocabulary

// guards lists the lock guards of libvirt, and its locks of objects.
var guards = []Function{
	{"virLockGuardLock", LockGuard, []Param{Mutex}, First, Never},
	{"virObjectLockGuard", LockObjectGuard, []Param{Object}, First, Never},
	{"virLockGuardUnlock", UnlockGuard, []Param{PlaceAddress}, NoResult, Never},
	{"virObjectLock", LockObject, []Param{Object}, NoResult, Never},
	{"virObjectUnlock", UnlockObject, []Param{Object}, NoResult, Never},
}

// Guarding returns the function that makes the guard of a macro under which a block runs, "" when
// the macro is none of those.
func Guarding(macro string) string {
	switch macro {
	case "VIR_WITH_MUTEX_LOCK_GUARD":
		return "virLockGuardLock"
	case "VIR_WITH_OBJECT_LOCK_GUARD":
		return "virObjectLockGuard"
	}
	return ""
}

// CleansUp reports whether an attribute, or a macro in its place, gives a variable something that
// is done where its scope ends.
func CleansUp(attribute string) bool {
	switch attribute {
	case "cleanup", "g_autofree", "g_autoptr", "g_auto", "g_autolist", "g_autoslist", "VIR_AUTOPTR", "VIR_AUTOFREE",
		"VIR_AUTOCLEAN",
		"VIR_AUTOUNREF", "VIR_LOCK_GUARD":
		return true
	}
	return false
}
